import {useComponent, useEffect, useRef} from "@odoo/owl";
import {useBus, useService} from "@web/core/utils/hooks";
import {UnreadableNumber} from "./read_number";

/**
 * Keeps an input and a number that may be empty in step.
 *
 * Odoo's own useInputField takes an emptied field and a typed 0 for the same change;
 * for the registry, "not filled in" and 0 are two answers.
 *
 * @param {{format: () => String, parse: (text: String) => Number | false}} functions
 */
export function useOptionalNumber({format, parse}) {
    const component = useComponent();
    const input = useRef("input");
    const {bus} = component.props.record.model;
    const notification = useService("notification");
    let shown = "";

    const isDirty = () => Boolean(input.el) && input.el.value !== shown;

    function show() {
        shown = format();
        input.el.value = shown;
    }

    async function commit() {
        if (!isDirty()) {
            return;
        }
        const {name, record} = component.props;
        let value = false;
        try {
            value = input.el.value.trim() ? parse(input.el.value) : false;
        } catch (error) {
            if (!(error instanceof UnreadableNumber)) {
                throw error;
            }
            record.setInvalidField(name);
            notification.add(error.message, {type: "danger"});
            return;
        }
        shown = input.el.value;
        if (value === record.data[name]) {
            show();
        } else {
            await record.update({[name]: value});
        }
        bus.trigger("FIELD_IS_DIRTY", false);
    }

    function onInput() {
        const {name, record} = component.props;
        bus.trigger("FIELD_IS_DIRTY", isDirty());
        if (record.isFieldInvalid(name)) {
            record.resetFieldValidity(name);
        }
    }

    // Each rendering shows what the record holds, unless the user is typing.
    useEffect(() => {
        format();
        const isInvalid = component.props.record.isFieldInvalid(component.props.name);
        const isTyping = isDirty() && document.activeElement === input.el;
        if (input.el && !isInvalid && !isTyping) {
            show();
        }
    });
    useBus(bus, "WILL_SAVE_URGENTLY", () => commit());
    useBus(bus, "NEED_LOCAL_CHANGES", (event) => event.detail.proms.push(commit()));
    return {onInput, onChange: () => commit()};
}
