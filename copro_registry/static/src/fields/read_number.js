import {_t} from "@web/core/l10n/translation";

/**
 * Numbers as people type or paste them: the reader of registry/reading/numbers.py, for
 * forms. Both are tried on the same table, tests/data/ways.json.
 */

const HIDDEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const MINUS = /[\u2010-\u2015\u2212\u207b]/g;
const APOSTROPHES = /[\u02bc\u2018\u2019\u00b4`]/g;
const CURRENCY = /^(?:€|euros?(?![a-z])|eur(?![a-z]))\s*|\s*(?:€|euros?|eur)$/gi;
const BODY = /^(?:[0-9][0-9 .,']*|[.,][0-9]{1,2})$/;
const EXPONENT = /^[+-]?[0-9][0-9.,]*\s?e\s?[+-]?[0-9]+$/i;

export class UnreadableNumber extends Error {}

function impossible(text) {
    return new UnreadableNumber(
        _t("“%(value)s” is not a number: write it with digits, such as 41250,30.", {
            value: text,
        })
    );
}

function doubtful(text) {
    return new UnreadableNumber(
        _t(
            "“%(value)s” can be read in several ways: write the number without a mark for thousands, such as 1234,00.",
            {value: text}
        )
    );
}

function cleaned(text) {
    return text
        .normalize("NFC")
        .replaceAll("\u0080", "€")
        .replace(FULL_WIDTH, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
        .replace(HIDDEN, "")
        .replace(/\s+/g, " ")
        .trim()
        .replace(MINUS, "-")
        .replace(APOSTROPHES, "'");
}

/** Returns ["-" or "", what is left]: "(12 €)", "- 12", "12-" and "€ -12" are negative. */
function signed(written, isAmount) {
    const bare = (body) => (isAmount ? body.replace(CURRENCY, "") : body);
    const body = bare(written);
    if (isAmount && body.startsWith("(") && body.endsWith(")")) {
        return ["-", bare(body.slice(1, -1).trim())];
    }
    if (/^[+-]/.test(body)) {
        return [body.startsWith("-") ? "-" : "", bare(body.slice(1).trim())];
    }
    if (isAmount && body.endsWith("-")) {
        return ["-", body.slice(0, -1).trim()];
    }
    return ["", body];
}

function ungrouped(body, mark, text) {
    const [first, ...others] = body.split(mark);
    if (/^[1-9][0-9]{0,2}$/.test(first) && others.every((group) => /^[0-9]{3}$/.test(group))) {
        return first + others.join("");
    }
    throw " '".includes(mark) ? doubtful(text) : impossible(text);
}

function decimal(whole, decimals, isGrouped, text) {
    const couldBeThousands = isGrouped || (/[1-9]/.test(whole) && whole.length <= 3);
    if (!decimals || (decimals.length === 3 && couldBeThousands)) {
        throw doubtful(text);
    }
    return `${whole || "0"}.${decimals}`;
}

function digits(body, text) {
    const marks = body.match(/[ .,']/g) || [];
    const kinds = [...new Set(marks)];
    if (!kinds.length) {
        return body;
    }
    const last = marks.at(-1);
    const count = marks.filter((mark) => mark === last).length;
    if (".,".includes(last) && count === 1 && kinds.length <= 2) {
        const rank = body.lastIndexOf(last);
        const isGrouped = kinds.length === 2;
        const whole = body.slice(0, rank);
        const plain = isGrouped ? ungrouped(whole, kinds[0], text) : whole;
        return decimal(plain, body.slice(rank + 1), isGrouped, text);
    }
    if (kinds.length === 1) {
        return ungrouped(body, last, text);
    }
    throw impossible(text);
}

function read(text, isAmount) {
    if (/[\t\n\r\v\f]/.test(text.trim())) {
        throw impossible(text);
    }
    const written = cleaned(text);
    if (EXPONENT.test(written)) {
        throw doubtful(text);
    }
    const [sign, body] = signed(written, isAmount);
    if (!BODY.test(body)) {
        throw impossible(text);
    }
    return Number(sign + digits(body, text)) + 0;
}

/**
 * @param {String} text what is typed, not empty
 * @returns {Number} an amount of euros
 * @throws {UnreadableNumber} whose message is for the user
 */
export function readAmount(text) {
    const amount = read(text, true);
    return Number(`${Math.sign(amount) * Math.round(`${Math.abs(amount)}e2`)}e-2`) + 0;
}

/**
 * @param {String} text what is typed, not empty
 * @returns {Number} a whole number
 * @throws {UnreadableNumber} whose message is for the user
 */
export function readCount(text) {
    const count = read(text, false);
    if (!Number.isInteger(count)) {
        throw new UnreadableNumber(_t("“%(value)s” is not a whole number.", {value: text}));
    }
    return count;
}
