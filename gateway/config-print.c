#include "gateway/config-settings.h"

static void print_table(FILE *f, const struct settings *table, const void *base, const char *name)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct setting *s = &table->v[i];
		if (i == 0 || strcmp(s->section, table->v[i - 1].section) != 0)
			fprintf(f, *name ? "\n[%s \"%s\"]\n" : "\n[%s]\n", s->section, name);
		fprintf(f, "# %s\n", s->help);
		if (base != NULL)
			setting_print(f, s, base);
		else
			fprintf(f, s->fallback == NULL || s->fallback[0] == '\0' ? "#%s = %s\n" : "%s = %s\n", s->key, s->fallback == NULL ? "…" : s->fallback);
	}
}

void config_print(FILE *f, const struct config *c)
{
	print_table(f, &config_settings, c, "");
	if (c == NULL)
		print_table(f, &config_mailbox_settings, NULL, "main");
	for (size_t i = 0; c != NULL && i < c->n_mailboxes; i++)
		print_table(f, &config_mailbox_settings, &c->mailboxes[i], c->mailboxes[i].name);
}

static void print_man_table(FILE *f, const struct settings *table)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct setting *s = &table->v[i];
		if (i == 0 || strcmp(s->section, table->v[i - 1].section) != 0)
			fprintf(f, "%s.Ss [%s%s]\n.Bl -tag -width Ds\n", i == 0 ? "" : ".El\n", s->section, table == &config_mailbox_settings ? " Dq name" : "");
		fprintf(f, ".It Ic %s\n%c%s.\n", s->key, s->help[0], s->help + 1);
		if (s->fallback == NULL)
			fprintf(f, "Must be set.\n");
		else if (s->fallback[0] != '\0')
			fprintf(f, "Default:\n.Ql %s .\n", s->fallback);
	}
	fprintf(f, ".El\n");
}

void config_print_man(FILE *f)
{
	print_man_table(f, &config_settings);
	print_man_table(f, &config_mailbox_settings);
}
