const FORM = ".o_form_view .o_field_widget";
const INPUT = "input, select, textarea, button";

const nextFrame = () => new Promise(requestAnimationFrame);

/** The element of a selector, once it is drawn; null after two seconds. */
async function appears(selector) {
    for (let frame = 0; frame < 120; frame++) {
        const element = document.querySelector(selector);
        if (element) {
            return element;
        }
        await nextFrame();
    }
    return null;
}

/**
 * A dialog that opens draws itself again and puts the focus on its first field: come
 * back to ours, until it stays or the user goes elsewhere.
 */
async function keepFocus(selector) {
    const user = new AbortController();
    const listening = {capture: true, signal: user.signal};
    for (const gesture of ["pointerdown", "keydown"]) {
        document.addEventListener(gesture, () => user.abort(), listening);
    }
    for (let frame = 0, kept = 0; frame < 180 && kept < 30; frame++) {
        if (user.signal.aborted) {
            return;
        }
        const input = document.querySelector(selector)?.querySelector(INPUT);
        kept = document.activeElement === input ? kept + 1 : 0;
        if (!kept) {
            input?.focus();
        }
        await nextFrame();
    }
    user.abort(); // no longer listening
}

const addLine = (widget) => widget.querySelector(".o_field_x2many_list_row_add a");

function rowOf(record, widget, {field, line}) {
    const {records} = record.data[field];
    // A line that is not saved yet has a name of the form's instead of an id.
    const rank = records.findIndex((one) => line && [one.resId, one._virtualId].includes(line));
    return rank < 0 ? null : widget.querySelectorAll("tr.o_data_row")[rank];
}

/**
 * Where a finding stands on the form: a field, or a cell of a line below it.
 *
 * @param {Object} record of the condominium
 * @param {{field: String, line: Number|String, column: String}} place as the server names it
 */
export async function openPlace(record, place) {
    const widget = await appears(`${FORM}[name="${place.field}"]`);
    if (!widget) {
        return;
    }
    widget.scrollIntoView({block: "center"});
    if (!place.column) {
        (widget.querySelector(INPUT) || addLine(widget))?.focus();
        return;
    }
    // The click on the finding makes the list leave what it edits: after that, not during.
    await nextFrame();
    await record.model.mutex.getUnlockedDef();
    const row = rowOf(record, widget, place);
    if (row) {
        (row.querySelector(`td[name="${place.column}"]`) || row.querySelector("td")).click();
    } else {
        addLine(widget)?.click();
    }
    const cell = `.o_selected_row .o_field_widget[name="${place.column}"]`;
    const shown = `.modal ${FORM}[name="${place.column}"], ${cell}`;
    await appears(shown);
    await keepFocus(shown);
}
