/** @import { Problem } from "../../types/api" */

const REQUEST_TIMEOUT_MS = 35_000;

/**
 * API Gateway's own errors have no `code`. These are the codes for their statuses.
 *
 * @type {Record<number, string>}
 */
const GATEWAY_CODES = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  429: "throttled",
};

/** A failed request. */
export class ApiError extends Error {
  /**
   * @param {string} code the API's code; `unreachable` without a response; `unavailable` for a response without a code
   * @param {Problem} [problem] the error response
   */
  constructor(code, problem = {}) {
    super(problem.detail ?? code);
    this.name = "ApiError";
    this.code = code;
    this.problem = problem;
  }

  /** Whether the error response came from a function. Otherwise the request may have succeeded. */
  get isFromFunction() {
    return this.problem.code !== undefined;
  }
}

/** A client for the API at one URL with one token. */
export class Api {
  #baseUrl;
  #token;

  /**
   * @param {string | null} [baseUrl] the page's origin by default
   * @param {string | null} [token]
   */
  constructor(baseUrl, token) {
    this.#baseUrl = (baseUrl ?? "").replace(/\/+$/, "");
    this.#token = token;
  }

  /**
   * @param {string} path
   * @param {Record<string, string>} [headers]
   */
  get(path, headers) {
    return this.#request("GET", path, undefined, headers);
  }

  /**
   * Requests another media type than JSON.
   *
   * @param {string} mediaType
   * @param {string} path
   * @returns {Promise<{ text: string, link: string | null }>} the body, and the `Link` header
   */
  getText(mediaType, path) {
    const read = async (/** @type {Response} */ response) => ({
      text: await response.text(),
      link: response.headers.get("Link"),
    });
    return this.#request("GET", path, undefined, { Accept: mediaType }, read);
  }

  /**
   * @param {string} path
   * @param {unknown} body
   * @param {Record<string, string>} [headers]
   */
  put(path, body, headers) {
    return this.#request("PUT", path, body, headers);
  }

  /**
   * @param {string} path
   * @param {unknown} body
   * @param {string} [idempotencyKey]
   */
  post(path, body, idempotencyKey) {
    return this.#request("POST", path, body, idempotencyKey ? { "Idempotency-Key": idempotencyKey } : {});
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @param {Record<string, string>} [headers]
   * @param {(response: Response) => Promise<any>} [read] reads the body of a successful response
   * @returns {Promise<any>}
   */
  async #request(method, path, body, headers = {}, read = (response) => response.json()) {
    /** @type {RequestInit & { headers: Record<string, string> }} */
    const request = {
      method,
      headers: { Authorization: `Bearer ${this.#token}`, ...headers },
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    };
    if (body !== undefined) {
      request.headers["Content-Type"] = "application/json";
      request.body = JSON.stringify(body);
    }
    let response;
    let content;
    try {
      response = await fetch(this.#baseUrl + path, request);
      content = await (response.ok ? read(response) : response.json());
    } catch {
      throw new ApiError("unreachable");
    }
    if (response.ok) return content;
    throw new ApiError(content.code ?? GATEWAY_CODES[response.status] ?? "unavailable", content);
  }
}

/**
 * The code of an error.
 *
 * @param {unknown} error
 * @returns {string} `other` if the error is not an `ApiError`
 */
export function errorCode(error) {
  return error instanceof ApiError ? error.code : "other";
}
