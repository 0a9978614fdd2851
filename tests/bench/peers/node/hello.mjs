// A function that says hello and nothing else.

import { serve } from "./runtime.mjs";

serve(async () => ({ statusCode: 200, body: "hello" }));
