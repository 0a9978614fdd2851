// What calls of the API meet: {method, path, does: "drop" | "fail" | "hold" | "lose"}. A fault is used once, unless
// it `lasts`.
window.faults = [];
// Lets the answer of each call that is held come to the page.
window.held = [];
window.calls = [];

const sendForReal = window.fetch;

window.fetch = async (address, request = {}) => {
  const { method = "GET", headers = {} } = request;
  const path = new URL(address, location.href).pathname;
  window.calls.push({ method, path, key: headers["Idempotency-Key"] });
  const index = window.faults.findIndex((fault) => fault.method === method && path.endsWith(fault.path));
  const fault = window.faults[index] ?? {};
  if (index >= 0 && !fault.lasts) window.faults.splice(index, 1);
  switch (fault.does) {
    case "drop":
      throw new TypeError("the connection was refused");
    case "fail":
      return Response.json({ message: "Internal Server Error" }, { status: 500 });
    case "lose":
      await sendForReal(address, request);
      throw new TypeError("the connection was lost");
    case "hold": {
      const response = await sendForReal(address, request);
      await new Promise((resolve) => window.held.push(resolve));
      return response;
    }
    default:
      return sendForReal(address, request);
  }
};
