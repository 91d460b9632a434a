import {Component, onWillDestroy, onWillUpdateProps, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {plural} from "../plural";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";

const NEWS = "copro_registry.batch_progress";
// After so long the record itself is read, for the list below the bar; and without news
// too: a websocket may be missing.
const PATIENCE = 5000;
const TICK = 1000;

const PLANS = [
    ["ready", {one: _t("Condominium ready"), other: _t("Condominiums ready")}, "text-success"],
    ["to_check", {other: _t("To check")}, "text-warning-emphasis"],
    ["incomplete", {other: _t("To complete")}, "text-danger"],
    ["up_to_date", {other: _t("Up to date: nothing to send")}, "text-muted"],
    ["open", {other: _t("In another upload")}, "text-muted"],
];

/**
 * What would leave, and why the rest would not.
 */
class BatchSummary extends Component {
    static template = "copro_registry.BatchSummary";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get summary() {
        return this.props.record.data[this.props.name] || {reasons: [], checks: []};
    }

    get tiles() {
        return PLANS.map(([plan, words, look]) => {
            const count = this.summary[plan] || 0;
            return {plan, look, count, label: plural(count, words)};
        }).filter(({plan, count}) => count || plan === "ready");
    }

    /** What the names do not show. */
    others(row) {
        const count = row.count - row.names.length;
        const words = {one: _t("and %s other", count), other: _t("and %s others", count)};
        return count > 0 ? plural(count, words) : "";
    }

    get otherChecks() {
        const count = (this.summary.to_check || 0) - this.summary.checks.length;
        const words = {one: _t("%s other to check", count), other: _t("%s others to check", count)};
        return count > 0 ? plural(count, words) : "";
    }

    async open(plan, item) {
        const {resModel, resId} = this.props.record;
        const words = {plan, item: item || false};
        this.action.doAction(await this.orm.call(resModel, "action_open_lines", [[resId]], words));
    }

    look(plan) {
        return PLANS.find(([known]) => known === plan)[2];
    }
}

const OUTCOMES = [
    // Key in the progress, label, colour; without one it is no part of the bar
    ["accepted", {one: _t("Upload accepted"), other: _t("Uploads accepted")}, "success"],
    ["received", {other: _t("Under examination by the registry")}, "info"],
    ["unknown", {other: _t("Outcome unknown")}, "warning"],
    ["rejected", {one: _t("Upload refused"), other: _t("Uploads refused")}, "danger"],
    ["failed", {one: _t("Upload not sent"), other: _t("Uploads not sent")}, "danger"],
    [
        "cancelled",
        {one: _t("Upload cancelled before leaving"), other: _t("Uploads cancelled before leaving")},
        "secondary",
    ],
    ["sending", {other: _t("On their way")}, "primary"],
    ["waiting", {other: _t("Waiting")}, ""],
    ["prepared", {other: _t("Examined")}, "primary"],
    // What the control has kept from leaving
    ...PLANS.slice(1).map(([plan, words]) => [plan, words, ""]),
];

/**
 * The progress bar of a batch: it follows the bus, and falls back to the record.
 */
class BatchProgress extends Component {
    static template = "copro_registry.BatchProgress";
    static props = {...standardFieldProps};

    setup() {
        this.bus = useService("bus_service");
        this.state = useState({progress: this.recorded(this.props)});
        this.channel = `copro.upload.batch_${this.props.record.resId}`;
        this.listener = ([id, progress]) => this.receive(id, progress);
        this.bus.subscribe(NEWS, this.listener);
        this.bus.addChannel(this.channel);
        this.heard = this.read = Date.now();
        this.behind = false; // the list, of the bar
        const timer = setInterval(() => this.catchUp(), TICK);
        onWillUpdateProps((props) => {
            this.state.progress = this.recorded(props);
        });
        onWillDestroy(() => {
            clearInterval(timer);
            this.bus.unsubscribe(NEWS, this.listener);
            this.bus.deleteChannel(this.channel);
        });
    }

    recorded(props) {
        return props.record.data[props.name] || {};
    }

    receive(id, progress) {
        if (id !== this.props.record.resId) {
            return;
        }
        this.heard = Date.now();
        const turned = progress.batch !== this.props.record.data.state || progress.over;
        this.state.progress = progress;
        this.behind = true;
        if (turned) {
            this.reload();
        }
    }

    reload() {
        this.heard = this.read = Date.now();
        this.behind = false;
        return this.props.record.load();
    }

    catchUp() {
        const going = !this.state.progress.over && this.props.record.data.state !== "preview";
        const since = this.behind ? this.read : this.heard;
        if (going && Date.now() - since > PATIENCE) {
            this.reload();
        }
    }

    get progress() {
        return this.state.progress;
    }

    get outcomes() {
        return OUTCOMES.map(([key, words, colour]) => {
            const count = this.progress[key] || 0;
            return {key, colour, count, label: plural(count, words)};
        }).filter((outcome) => outcome.count);
    }

    get segments() {
        return this.outcomes.filter((outcome) => outcome.colour);
    }

    width(outcome) {
        return (100 * outcome.count) / Math.max(this.progress.total, 1);
    }

    get headline() {
        const {batch, over, ended, total} = this.progress;
        if (batch === "preparing") {
            return _t("Nothing has left: the preview is being prepared, %s of %s", ended, total);
        }
        if (over) {
            return batch === "cancelled" ? _t("Cancelled") : _t("Finished");
        }
        const headlines = {
            paused: _t("Paused"),
            cancelled: _t("Cancelled: what has left is awaited"),
        };
        const words = {
            one: _t("%s upload finished, of %s", ended, total),
            other: _t("%s uploads finished, of %s", ended, total),
        };
        return headlines[batch] || plural(ended, words);
    }

    get estimate() {
        const {leaves_at: leavesAt, batch, waiting, over} = this.progress;
        if (over || batch !== "running") {
            return "";
        }
        if (!waiting) {
            return _t("All have left; the answers of the registry are awaited.");
        }
        if (!leavesAt) {
            return "";
        }
        const moment = deserializeDateTime(leavesAt);
        if (moment.diffNow().as("seconds") < 90) {
            return _t("All will have left within two minutes");
        }
        const {DATETIME_MED, TIME_24_SIMPLE} = luxon.DateTime;
        const isToday = moment.hasSame(luxon.DateTime.now(), "day");
        const told = moment.toLocaleString(isToday ? TIME_24_SIMPLE : DATETIME_MED);
        return _t("All will have left at about %s", told);
    }
}

/**
 * The lines of a batch: a click opens the condominium, where the work is.
 */
class BatchLines extends X2ManyField {
    setup() {
        super.setup();
        this.buttons = useService("action");
    }

    async openRecord({resModel, resId, resIds, context}) {
        const name = "action_open_condominium";
        await this.buttons.doActionButton({
            name,
            type: "object",
            resModel,
            resId,
            resIds,
            context,
        });
    }
}

registry.category("fields").add("copro_batch_lines", {...x2ManyField, component: BatchLines});
registry.category("fields").add("copro_batch_summary", {
    component: BatchSummary,
    supportedTypes: ["json"],
});
registry.category("fields").add("copro_batch_progress", {
    component: BatchProgress,
    supportedTypes: ["json"],
});
