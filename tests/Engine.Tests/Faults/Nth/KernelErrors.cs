using Actors.Engine.Drivers;
using static Actors.Engine.Drivers.Errno;

namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>The error numbers that Linux or a file system of it gives for each kind of operation, by the calls' manual
/// pages and what io_uring and network file systems add.</summary>
internal static class KernelErrors
{
    /// <summary>Answers that stand for "once more", which no client ever sees.</summary>
    public static readonly int[] Transient = [EINTR, EAGAIN];

    /// <summary>Answers that end the operation.</summary>
    public static int[] Of(IoKind kind) => kind switch
    {
        IoKind.Open =>
        [
            ENOENT, ENOTDIR, EACCES, EPERM, EEXIST, EISDIR, EMFILE, ENFILE, ELOOP, ENAMETOOLONG, ENOSPC, EDQUOT, EROFS,
            ENXIO, ENODEV, ETXTBSY, EBUSY, EFBIG, EOVERFLOW, ENOMEM, EIO, EINVAL, EFAULT, EOPNOTSUPP, ETIMEDOUT,
            ECANCELED,
        ],
        IoKind.Read =>
        [
            EIO, EINVAL, EBADF, EFAULT, EISDIR, ENOMEM, ENXIO, ENODEV, EACCES, EOVERFLOW, EOPNOTSUPP, ETIMEDOUT,
            ECANCELED,
        ],
        IoKind.Write =>
        [
            ENOSPC, EDQUOT, EFBIG, EIO, EINVAL, EBADF, EFAULT, EPERM, EROFS, ENOMEM, ENXIO, ENODEV, EACCES, ESPIPE,
            EOPNOTSUPP, ETXTBSY, ETIME, ETIMEDOUT, ECANCELED,
        ],
        IoKind.DataSync or IoKind.Sync =>
            [EIO, ENOSPC, EDQUOT, EROFS, EINVAL, EBADF, ENOMEM, EFBIG, ENXIO, ETIMEDOUT, ECANCELED],
        IoKind.Truncate =>
            [EFBIG, EIO, EINVAL, EPERM, EROFS, ENOSPC, EDQUOT, EACCES, ETXTBSY, EBADF, ENOMEM, ENOSYS, ECANCELED],
        IoKind.Allocate =>
        [
            ENOSPC, EDQUOT, EFBIG, EOPNOTSUPP, ENOSYS, ENODEV, EINVAL, EIO, EPERM, ESPIPE, ETXTBSY, EBADF, ENOMEM,
            ECANCELED,
        ],
        _ => [EIO, ENOSPC, EDQUOT, EAGAIN, ETIMEDOUT],
    };
}
