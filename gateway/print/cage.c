#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gateway/print/print.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Fonts and the libraries that load while it runs; all else on the disk is out of reach, and nothing can be written. */
static const char *const readable[] = {"/usr", "/lib", "/lib64", "/etc/fonts", "/var/cache/fontconfig", "/proc/self", "/etc/ld.so.cache"};

/* A denylist: the font libraries' own needs change with their versions, what they never need does not. */
static const int denied[] = {
	SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(sendmsg),
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
	SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(mount), SCMP_SYS(chmod), SCMP_SYS(chown),
	SCMP_SYS(keyctl), SCMP_SYS(bpf), SCMP_SYS(io_uring_setup), SCMP_SYS(userfaultfd), SCMP_SYS(perf_event_open), SCMP_SYS(unshare), SCMP_SYS(setns),
};

static void allow(int rules, const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr beneath = {.parent_fd = fd, .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR};
	if (fd < 0)
		return; /* there is none on this machine */
	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) < 0 && errno == EINVAL) {
		beneath.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE; /* it is no folder */
		syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	}
	close(fd);
}

/* Where the kernel has no Landlock the other walls stand. */
static void shut_out(void)
{
	const struct landlock_ruleset_attr attr = {.handled_access_fs = (UINT64_C(1) << 13) - 1};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (rules < 0)
		return;
	for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
		allow(rules, readable[i]);
	syscall(SYS_landlock_restrict_self, rules, 0);
	close(rules);
}

static int filter(struct err *err)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	int result = f == NULL ? -ENOMEM : 0;
	for (size_t i = 0; i < sizeof denied / sizeof *denied && result == 0; i++)
		result = seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), denied[i], 0);
	if (result == 0)
		result = seccomp_load(f);
	seccomp_release(f);
	return result == 0 ? 0 : err_set(err, "plnpost-print's system call filter: %s", strerror(-result));
}

static void limit(int resource, rlim_t most)
{
	setrlimit(resource, &(struct rlimit){most, most});
}

int print_cage(struct err *err)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, 60);
	limit(RLIMIT_NOFILE, 64);
	if (!SANITIZED)
		limit(RLIMIT_AS, (rlim_t)512 << 20); /* ASan maps terabytes that it never touches */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(err, "no new privileges: %s", strerror(errno));
	shut_out();
	return filter(err);
}
