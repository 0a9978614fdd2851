/** The entry module of the agent’s elements. */

import { AfterchatActions } from "../actions/element.js";
import { register } from "../common/register.js";
import { AfterchatThread } from "../thread/element.js";

register("afterchat-actions", AfterchatActions);
register("afterchat-thread", AfterchatThread);
