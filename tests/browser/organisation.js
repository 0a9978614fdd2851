// Replaces `fetch` on a page: the visitor's responses are those for an organisation with `window.settings`. It is
// loaded before `faults.js`, so that a lost response has been recorded here. See `globals.d.ts`.
window.asked = [];

{
  const send = window.fetch;
  /** @type {string[]} */
  let chosen = [];

  /**
   * The reasons that are offered for a score.
   *
   * @param {number} score
   */
  const offered = (score) =>
    (window.settings.rating_request?.reasons ?? []).filter(({ scores }) => scores.includes(score)).map(({ id }) => id);

  /** @param {any} rating */
  const addReasons = (rating) => rating && { ...rating, ...(chosen.length > 0 && { reasons: chosen }) };

  /**
   * @param {Response} response
   * @param {Headers} headers
   */
  const answerGet = async (response, headers) => {
    const { rating_request: texts, brand } = window.settings;
    let view = await response.json();
    if (!response.ok) {
      // The token of a link contains the id of its rating request in base64url.
      const [, , id] = headers.get("Authorization")?.split(".") ?? [];
      if (!id) return Response.json(view, { status: response.status });
      const faces = [..."😑😟😐😊😍"].map((emoji, index) => ({ score: index + 1, emoji }));
      view = { rating_request: { id: atob(id.replaceAll("-", "+").replaceAll("_", "/")), faces }, rating: null };
    }
    const faces = view.rating_request?.faces.map(
      (/** @type {{ label: string }} */ face, /** @type {number} */ index) => ({
        ...face,
        label: texts?.labels[index] ?? face.label,
      }),
    );
    const request = view.rating_request && { ...view.rating_request, ...texts, faces };
    return Response.json({ rating_request: request, rating: addReasons(view.rating), brand });
  };

  /**
   * @param {RequestInfo | URL} address
   * @param {RequestInit} request
   */
  const answerPut = async (address, request) => {
    const { reasons, ...change } = JSON.parse(String(request.body));
    const isOffered = (/** @type {string} */ id) => offered(change.score).includes(id);
    if (reasons && (reasons.length > 5 || !reasons.every(isOffered))) {
      return Response.json({ code: "invalid_reason", field: "reasons" }, { status: 422 });
    }
    const response = await send(address, { ...request, body: JSON.stringify(change) });
    const answer = await response.json();
    if (!response.ok) return Response.json(answer, { status: response.status });
    chosen = (reasons ?? chosen).filter(isOffered);
    return Response.json({ ...answer, rating: addReasons(answer.rating) }, { status: response.status });
  };

  window.fetch = async (address, request = {}) => {
    const { pathname, searchParams } = new URL(String(address), location.href);
    if (!pathname.includes("/v1/visitor/")) return send(address, request);
    if (request.method === "PUT") return answerPut(address, request);
    const headers = new Headers(request.headers);
    window.asked.push({ language: searchParams.get("language"), acceptLanguage: headers.get("Accept-Language") });
    return answerGet(await send(address, request), headers);
  };
}
