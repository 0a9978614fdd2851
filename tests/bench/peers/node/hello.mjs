// A function that only returns hello.

import { serve } from "./runtime.mjs";

serve(async () => ({ statusCode: 200, body: "hello" }));
