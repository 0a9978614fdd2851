/** The report on satisfaction. */
import { register } from "../common/register.js";
import { AfterchatReport } from "./element.js";

register("afterchat-report", AfterchatReport);
