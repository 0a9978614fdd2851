/** How long a request may take before the way to the API counts as lost. */
const PATIENCE_MS = 35_000;

/** What the gateway means by a status that comes without a problem. */
const GATEWAY_CODES = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  429: "throttled",
};

/** Why the API did not do what it was asked for. */
export class ApiError extends Error {
  /**
   * @param {string} code the problem's code, or one of ours where the answer is no problem
   * @param {object} [problem] the problem's members
   */
  constructor(code, problem = {}) {
    super(problem.detail ?? code);
    this.name = "ApiError";
    this.code = code;
    this.problem = problem;
  }

  /** Whether the API said what became of the request; otherwise it may have been done. */
  get isAnswer() {
    return this.problem.code !== undefined;
  }
}

/** The API at an address, called with one token. */
export class Api {
  #address;
  #token;

  constructor(address, token) {
    this.#address = (address ?? "").replace(/\/+$/, "");
    this.#token = token;
  }

  get(path) {
    return this.#request("GET", path);
  }

  /** An answer of another type than JSON: its `text`, and the `link` to what comes after it. */
  getAs(type, path) {
    const read = async (response) => ({ text: await response.text(), link: response.headers.get("Link") });
    return this.#request("GET", path, undefined, { Accept: type }, read);
  }

  put(path, body) {
    return this.#request("PUT", path, body);
  }

  post(path, body, idempotencyKey) {
    return this.#request("POST", path, body, { "Idempotency-Key": idempotencyKey });
  }

  async #request(method, path, body, headers = {}, read = (response) => response.json()) {
    const request = {
      method,
      headers: { Authorization: `Bearer ${this.#token}`, ...headers },
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    };
    if (body !== undefined) {
      request.headers["Content-Type"] = "application/json";
      request.body = JSON.stringify(body);
    }
    let response;
    let answer;
    try {
      response = await fetch(this.#address + path, request);
      answer = await (response.ok ? read(response) : response.json());
    } catch {
      throw new ApiError("unreachable");
    }
    if (response.ok) return answer;
    throw new ApiError(answer.code ?? GATEWAY_CODES[response.status] ?? "unavailable", answer);
  }
}
