// Replaces `fetch` on a page, so that tests can inject faults. See `globals.d.ts`.
window.faults = [];
window.held = [];
window.calls = [];

const originalFetch = window.fetch;

/**
 * @param {RequestInfo | URL} address
 * @param {RequestInit} [request]
 */
window.fetch = async (address, request = {}) => {
  const { method = "GET" } = request;
  const headers = new Headers(request.headers);
  const { pathname: path, search: query } = new URL(String(address), location.href);
  window.calls.push({
    method,
    path,
    query,
    key: headers.get("Idempotency-Key") ?? undefined,
    acceptLanguage: headers.get("Accept-Language"),
  });
  const index = window.faults.findIndex((fault) => fault.method === method && path.endsWith(fault.path));
  const fault = window.faults[index];
  if (fault && !fault.lasts) window.faults.splice(index, 1);
  switch (fault?.does) {
    case "drop":
      throw new TypeError("the connection was refused");
    case "fail":
      return Response.json({ message: "Internal Server Error" }, { status: 500 });
    case "lose":
      await originalFetch(address, request);
      throw new TypeError("the connection was lost");
    case "hold": {
      const response = await originalFetch(address, request);
      await new Promise((resolve) => window.held.push(() => resolve(undefined)));
      return response;
    }
    default:
      return originalFetch(address, request);
  }
};
