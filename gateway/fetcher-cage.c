#include "gateway/fetcher-cage.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The network's reader of strangers' pages has no business in the campus folder, nor with anybody's keys. */

#define ALL_RIGHTS ((UINT64_C(1) << 13) - 1) /* what Landlock's first version knows: execute … make symbolic link */

static const char *const readable[] = {
	"/usr", "/lib", "/lib64", "/proc", "/dev/null", "/dev/urandom", "/dev/random",
	/* how a name becomes an address */
	"/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/services", "/etc/protocols", "/run/systemd/resolve",
	"/run/nscd", "/run/resolvconf",
	/* whom to trust */
	"/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/gnutls", "/etc/crypto-policies", "/etc/pkcs11",
	"/etc/ld.so.cache", "/etc/localtime", "/etc/locale.alias",
};

static int allow(int rules, const char *path)
{
	struct stat st;
	int fd = open(path, O_PATH | O_CLOEXEC), result = 0;
	if (fd < 0)
		return 0; /* there is none on this machine */
	struct landlock_path_beneath_attr beneath = {.parent_fd = fd, .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE};
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		beneath.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) < 0)
		result = -1;
	close(fd);
	return result;
}

static int shut_out(void)
{
	const struct landlock_ruleset_attr attr = {.handled_access_fs = ALL_RIGHTS};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0), shut = 0;
	if (rules < 0)
		return 0;
	for (size_t i = 0; shut == 0 && i < sizeof readable / sizeof *readable; i++)
		shut = allow(rules, readable[i]);
	if (shut == 0)
		shut = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return shut > 0;
}

int fetcher_cage(void)
{
	const struct rlimit none = {0, 0};
	setrlimit(RLIMIT_FSIZE, &none);
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return shut_out();
}
