import {user} from "@web/core/user";

/**
 * The words for a count, in the user's language: French says 0 and 1 in the singular,
 * English 1 alone.
 *
 * @param {Number} count
 * @param {{one: String, other: String}} words
 */
export function plural(count, words) {
    const form = new Intl.PluralRules(user.lang).select(count);
    return words[form] || words.other;
}
