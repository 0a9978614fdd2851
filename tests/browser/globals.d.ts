/** What `faults.js` adds to the page. */
interface Window {
  /** The faults of the next requests. Each is used once, unless it `lasts`. */
  faults: Fault[];
  /** The held responses. Each function releases one of them. */
  held: (() => void)[];
  /** All requests of the page. */
  calls: { method: string; path: string; key?: string }[];
}

interface Fault {
  method: string;
  /** The end of the request's path. */
  path: string;
  /**
   * `drop`: the request is not sent. `fail`: the response is an error of the gateway. `lose`: the request is sent and
   * its response is lost. `hold`: the response is held until the test releases it.
   */
  does: "drop" | "fail" | "lose" | "hold";
  lasts?: boolean;
}

/** What `organisation.js` adds to the page. */
interface Window {
  settings: OrganisationSettings;
  /** The languages that each read of the rating request asked for. */
  asked: { language: string | null; acceptLanguage: string | null }[];
}

interface OrganisationSettings {
  rating_request?: {
    language: string;
    question: string;
    labels: string[];
    thanks: string;
    comment_label: string;
    reasons?: { id: string; label: string; scores: number[] }[];
  };
  brand?: { name?: string; logo_url?: string; accent_color?: string };
}
