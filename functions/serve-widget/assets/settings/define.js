/** The entry module of the settings page. */
import { register } from "../common/register.js";
import { AfterchatSettings } from "./element.js";

register("afterchat-settings", AfterchatSettings);
