import {registry} from "@web/core/registry";

const OURS = "copro.";
const LONGEST = 60; // frames: a form is read again when its dialog closes

const nextFrame = () => new Promise(requestAnimationFrame);

/** Once the button may be used again; unless something else has the focus already. */
async function giveBack(button) {
    for (let frame = 0; frame < LONGEST; frame++) {
        if (document.activeElement !== document.body) {
            return;
        }
        if (button.isConnected && !button.disabled) {
            button.focus();
            return;
        }
        await nextFrame();
    }
}

/**
 * A dialog gives the focus back to the button that opened it.
 *
 * Odoo disables the buttons of a form while one of them works: the browser then takes
 * the focus away, and a user without a mouse begins again from the top of the page.
 */
export const dialogFocusService = {
    dependencies: ["action", "ui"],
    start(env, {action, ui}) {
        let opener = null;
        const remember = ({target}) => {
            const button = target.closest?.(".o_form_view button[name]");
            const model = action.currentController?.props.resModel || "";
            if (button && model.startsWith(OURS) && !button.closest(".modal")) {
                opener = button;
            }
        };
        document.addEventListener("click", remember, {capture: true});
        ui.bus.addEventListener("active-element-changed", () => {
            if (opener && ui.activeElement === document) {
                giveBack(opener);
            }
        });
    },
};

registry.category("services").add("copro_registry.dialog_focus", dialogFocusService);
