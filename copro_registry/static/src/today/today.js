import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {openForm} from "../condominium";
import {plural} from "../plural";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

const MINE = "copro_registry.today.mine";
const NUMBERS = {
    refused: {
        label: {one: _t("Refused condominium"), other: _t("Refused condominiums")},
        icon: "fa-times-circle",
        colour: "danger",
    },
    ready: {
        label: {one: _t("Condominium ready"), other: _t("Condominiums ready")},
        icon: "fa-cloud-upload",
        colour: "success",
    },
    in_progress: {label: {other: _t("In progress")}, icon: "fa-hourglass-half", colour: "info"},
    not_ready: {label: {other: _t("To be completed")}, icon: "fa-pencil", colour: "warning"},
    to_register: {label: {other: _t("To register")}, icon: "fa-plus-circle", colour: "info"},
    mandate_ending: {
        label: {
            one: _t("Mandate ending within 60 days"),
            other: _t("Mandates ending within 60 days"),
        },
        icon: "fa-calendar-times-o",
        colour: "warning",
    },
};
const STATES = {
    late: {colour: "danger", empty: _t("Nothing is late.")},
    soon: {colour: "warning", empty: _t("Nothing to do in the next thirty days.")},
    in_order: {colour: "success", empty: _t("None yet.")},
    unknown: {colour: "secondary", empty: _t("Nothing is to be filled in to know.")},
};
const STEPS = {
    account: {
        label: _t("Enter the declarant number and e-mail"),
        button: _t("Technical parameters"),
        action: "copro_registry.action_server_open_account",
        forMainAdministrator: true,
    },
    certificate: {
        label: _t("Import the client certificate"),
        button: _t("Import it there"),
        action: "copro_registry.action_server_open_account",
        forMainAdministrator: true,
    },
    condominium: {label: _t("Create a condominium, or import them all")},
    upload: {
        label: _t("Complete one, then upload it to the registry"),
        button: _t("Condominiums"),
        action: "copro_registry.copro_condominium_action",
    },
};

/** The first screen: each number and each line leads to what it counts. */
export class Today extends Component {
    static template = "copro_registry.Today";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({board: null});
        this.numbers = NUMBERS;
        this.states = STATES;
        this.steps = STEPS;
        this.done = _t("Done");
        this.toDo = _t("To do");
        this.display = {controlPanel: {}};
        onWillStart(() => this.load(browser.localStorage.getItem(MINE) === "1"));
    }

    async load(mine) {
        this.state.board = await this.orm.call("copro.today", "get_board", [mine]);
    }

    async show(mine) {
        browser.localStorage.setItem(MINE, mine ? "1" : "0");
        await this.load(mine);
    }

    get board() {
        return this.state.board;
    }

    labelOf(number) {
        return plural(number.count, this.numbers[number.name].label);
    }

    get canImport() {
        return registry.category("actions").contains("import");
    }

    /** The condominiums that a number counts: the filter of the same name. */
    open(filter) {
        const context = {[`search_default_${filter}`]: 1};
        if (this.board.mine) {
            context.search_default_mine = 1;
        }
        return this.action.doAction("copro_registry.copro_condominium_action", {
            additionalContext: context,
        });
    }

    openCard(id) {
        return openForm(this.action, {res_id: id});
    }

    create() {
        return openForm(this.action);
    }

    importAll() {
        return this.action.doAction({
            type: "ir.actions.client",
            tag: "import",
            params: {active_model: "copro.condominium"},
        });
    }

    mayDo(step) {
        return this.board.may_configure || !this.steps[step.name].forMainAdministrator;
    }

    /** The first thing to do stands out. */
    look(step) {
        const next = this.board.steps.find(({is_done}) => !is_done);
        return step === next ? "btn-primary" : "btn-secondary";
    }

    go(step) {
        return this.action.doAction(this.steps[step.name].action);
    }

    configure() {
        return this.action.doAction("copro_registry.action_server_open_account");
    }
}

registry.category("actions").add("copro_registry.today", Today);
