import { handler } from "./ask-rating.mjs";
import { serve } from "./runtime.mjs";

serve(handler);
