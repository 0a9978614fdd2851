/** The agent's components. */
import { register } from "../common/register.js";
import { AfterchatActions } from "../actions/element.js";
import { AfterchatThread } from "../thread/element.js";

register("afterchat-actions", AfterchatActions);
register("afterchat-thread", AfterchatThread);
