import {BinaryField, binaryField} from "@web/views/fields/binary/binary_field";
import {registry} from "@web/core/registry";

/**
 * A file to give: Odoo's own field is a label while it is empty, which no key reaches.
 */
class FileField extends BinaryField {
    static template = "copro_registry.File";
}

registry.category("fields").add("copro_file", {...binaryField, component: FileField});
