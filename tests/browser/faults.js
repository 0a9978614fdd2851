// What calls of the API meet: {method, path, does: "delay" | "drop" | "fail" | "lose"}. A fault is used once.
window.faults = [];
window.calls = [];

const sendForReal = window.fetch;

window.fetch = async (address, request = {}) => {
  const { method = "GET", headers = {} } = request;
  const path = new URL(address, location.href).pathname;
  window.calls.push({ method, path, key: headers["Idempotency-Key"] });
  const index = window.faults.findIndex((fault) => fault.method === method && path.endsWith(fault.path));
  const fault = index < 0 ? {} : window.faults.splice(index, 1)[0];
  switch (fault.does) {
    case "drop":
      throw new TypeError("the connection was refused");
    case "fail":
      return Response.json({ message: "Internal Server Error" }, { status: 500 });
    case "lose":
      await sendForReal(address, request);
      throw new TypeError("the connection was lost");
    case "delay": {
      const response = await sendForReal(address, request);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return response;
    }
    default:
      return sendForReal(address, request);
  }
};
