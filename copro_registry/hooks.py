"""What the installation leaves to code."""


def post_init_hook(env):
    """The first administrator becomes the registry's main administrator.

    At install only: being a system administrator never implies it.
    """
    group = env.ref("copro_registry.group_main_administrator")
    admin = env.ref("base.user_admin", raise_if_not_found=False)
    if admin:
        admin.group_ids |= group


def uninstall_hook(env):
    """The only table that no model holds: the pace of each account."""
    env.cr.execute("DROP TABLE IF EXISTS copro_call_pace")
