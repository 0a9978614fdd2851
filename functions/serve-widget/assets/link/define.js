/** The entry module of `/rate`, the page that the faces in an e-mail link to. */
import { register } from "../common/register.js";
import { AfterchatRatingLink } from "./element.js";
import { pageStyles } from "./styles.js";

document.adoptedStyleSheets.push(pageStyles);
register("afterchat-rating-link", AfterchatRatingLink);
