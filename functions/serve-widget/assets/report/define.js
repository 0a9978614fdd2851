/** The entry module of the satisfaction report. */
import { register } from "../common/register.js";
import { AfterchatReport } from "./element.js";

register("afterchat-report", AfterchatReport);
