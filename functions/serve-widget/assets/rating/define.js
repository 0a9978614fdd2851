/** The entry module of the visitor’s widget. */
import { register } from "../common/register.js";
import { AfterchatRating } from "./element.js";

register("afterchat-rating", AfterchatRating);
