/** What `faults.js` adds to the page. */
interface Window {
  /** The faults of the next requests. Each is used once, unless it `lasts`. */
  faults: Fault[];
  /** The held responses. Each function releases one of them. */
  held: (() => void)[];
  /** All requests of the page. */
  calls: Call[];
}

interface Call {
  method: string;
  path: string;
  /** The query string with its `?`. Empty if there is none. */
  query: string;
  key?: string;
  acceptLanguage: string | null;
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

/** What `unvalidated.js` adds to the page. */
interface Window {
  /** Replaces members of the rating request in each response. */
  unvalidated: object;
}

/** What `added-events.js` adds to the page. */
interface Window {
  /** The events at the end of each thread. */
  addedEvents: object[];
}
