using Actors.Engine.Drivers;

namespace Actors.Adversary.Faults;

/// <summary>What the man pages of the system calls list under ERRORS, as far as a caller cannot rule it out.</summary>
internal static class ManPages
{
    private const int ENOMEM = Errno.ENOMEM;
    private const int ENOLCK = 37;
    private const int EPERM = Errno.EPERM;

    /// <summary>Of an operation on an open file, or of an open.</summary>
    public static IReadOnlyList<int> Of(IoKind kind) => kind switch
    {
        IoKind.Read => [Errno.EIO, Errno.EINVAL, Errno.EISDIR, Errno.EBADF, Errno.EFAULT, Errno.EOVERFLOW],
        IoKind.Write =>
        [
            Errno.EIO, Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG, EPERM, Errno.EINVAL, Errno.EBADF, Errno.EFAULT,
        ],
        IoKind.DataSync or IoKind.Sync =>
            [Errno.EIO, Errno.ENOSPC, Errno.EDQUOT, Errno.EROFS, Errno.EINVAL, Errno.EBADF],
        IoKind.Truncate => [Errno.EIO, Errno.EFBIG, EPERM, Errno.EINVAL, Errno.EROFS, Errno.ETXTBSY],
        IoKind.Allocate =>
        [
            Errno.ENOSPC, Errno.EFBIG, Errno.EIO, Errno.ENODEV, Errno.ENOSYS, Errno.EOPNOTSUPP, EPERM, Errno.ESPIPE,
            Errno.ETXTBSY,
        ],
        IoKind.Open =>
        [
            Errno.EACCES, Errno.EMFILE, Errno.ENFILE, ENOMEM, Errno.ENOSPC, Errno.EDQUOT, Errno.EROFS, Errno.EIO,
            Errno.ELOOP, Errno.ENXIO, Errno.ENODEV, Errno.EOVERFLOW, Errno.ETXTBSY, EPERM, Errno.EBUSY,
        ],
        IoKind.Close => [Errno.EIO, Errno.ENOSPC, Errno.EDQUOT, Errno.EINTR],
        _ => [Errno.EIO, ENOMEM, Errno.EACCES, ENOLCK],
    };
}
