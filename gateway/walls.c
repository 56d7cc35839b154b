#include "gateway/walls.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ALL_RIGHTS ((UINT64_C(1) << 13) - 1) /* what Landlock's first version knows: execute … make symbolic link */

int walls_limit(int resource, rlim_t most)
{
	struct rlimit now;
	if (getrlimit(resource, &now) != 0)
		return -1;
	if (now.rlim_max < most)
		most = now.rlim_max;
	return setrlimit(resource, &(struct rlimit){most, most});
}

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

int walls_files(const char *const *readable, size_t n)
{
	const struct landlock_ruleset_attr attr = {.handled_access_fs = ALL_RIGHTS};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0), shut = 0;
	if (rules < 0)
		return 0;
	for (size_t i = 0; shut == 0 && i < n; i++)
		shut = allow(rules, readable[i]);
	if (shut == 0)
		shut = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return shut > 0;
}
