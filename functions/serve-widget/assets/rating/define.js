/** The visitor's component. */
import { register } from "../common/register.js";
import { AfterchatRating } from "./element.js";

register("afterchat-rating", AfterchatRating);
