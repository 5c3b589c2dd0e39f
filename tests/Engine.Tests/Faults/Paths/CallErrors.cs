using static Actors.Engine.Drivers.Errno;

namespace Actors.Engine.Tests.Faults.Paths;

/// <summary>The error numbers of each system call that commands on paths make, by its manual page. EIO is with all of
/// them, for file systems give it everywhere. Answers that only stand for another finding are left out: ENXIO of lseek is
/// that there is no more data.</summary>
internal static class CallErrors
{
    private static readonly int[] Lookup =
        [EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR];

    private static readonly int[] Change = [.. Lookup, EPERM, EROFS];

    public static IReadOnlyDictionary<string, int[]> All { get; } = new Dictionary<string, int[]>
    {
        ["openat"] =
        [
            .. Change, EAGAIN, EBUSY, EDQUOT, EEXIST, EFBIG, EISDIR, EMFILE, ENFILE, ENODEV, ENOSPC, ENXIO, EOPNOTSUPP,
            EOVERFLOW, ETXTBSY,
        ],
        ["close"] = [EBADF, EDQUOT, EIO, ENOSPC],
        ["statx"] = Lookup,
        ["mkdirat"] = [.. Change, EDQUOT, EEXIST, EMLINK, ENOSPC],
        ["rmdir"] = [.. Change, EBUSY, EEXIST, ENOTEMPTY],
        ["unlinkat"] = [.. Change, EBUSY, EISDIR],
        ["renameat2"] =
        [
            .. Change, EBUSY, EDQUOT, EEXIST, EISDIR, EMLINK, ENOSPC, ENOSYS, ENOTEMPTY, EXDEV,
        ],
        ["symlinkat"] = [.. Change, EDQUOT, EEXIST, ENOSPC],
        ["readlinkat"] = Lookup,
        ["fchmod"] = [.. Change, EOPNOTSUPP],
        ["fchmodat"] = [.. Change, EOPNOTSUPP],
        ["futimens"] = Change,
        ["utimensat"] = Change,
        ["getdents64"] = [EBADF, EFAULT, EINVAL, EIO, ENOENT, ENOTDIR],
        ["getcwd"] = [EACCES, EFAULT, EINVAL, ENAMETOOLONG, ENOENT, ENOMEM],
        ["ficlone"] = [EBADF, EFAULT, EINVAL, EIO, EISDIR, ENOTTY, EOPNOTSUPP, EPERM, ETXTBSY, EXDEV],
        ["copy_file_range"] =
        [
            EBADF, EFBIG, EINVAL, EIO, EISDIR, ENOMEM, ENOSPC, ENOSYS, EOPNOTSUPP, EOVERFLOW, EPERM, ETXTBSY, EXDEV,
        ],
        ["pread"] = [EAGAIN, EBADF, EFAULT, EINVAL, EIO, EISDIR, ENXIO, EOVERFLOW, ESPIPE],
        ["pwrite"] =
            [EAGAIN, EBADF, EDQUOT, EFAULT, EFBIG, EINVAL, EIO, ENOSPC, ENXIO, EOVERFLOW, EPERM, ESPIPE],
        ["ftruncate"] = [EACCES, EBADF, EFBIG, EINVAL, EIO, EPERM, EROFS, ETXTBSY],
        ["lseek"] = [EBADF, EINVAL, EIO, EOVERFLOW, ESPIPE],
        ["fsync"] = [EBADF, EDQUOT, EINVAL, EIO, ENOSPC, EROFS],
        ["syncfs"] = [EBADF, EDQUOT, EIO, ENOSPC],
        ["fcntl"] = [EACCES, EAGAIN, EBADF, EINVAL, EPERM],
    };
}
