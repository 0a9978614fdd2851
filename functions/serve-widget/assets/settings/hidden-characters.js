/** Characters that begin a new line or change the order in which a text is displayed. */
export const HIDDEN = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
