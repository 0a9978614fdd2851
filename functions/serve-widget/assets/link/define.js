/** The page that a face in a mail leads to. */
import { register } from "../common/register.js";
import { AfterchatRatingLink } from "./element.js";
import { page } from "./styles.js";

document.adoptedStyleSheets.push(page);
register("afterchat-rating-link", AfterchatRatingLink);
