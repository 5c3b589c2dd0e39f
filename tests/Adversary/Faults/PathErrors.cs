using Actors.Engine.Drivers;

namespace Actors.Adversary.Faults;

/// <summary>The man pages' errors of the calls on names.</summary>
internal static class PathErrors
{
    private const int ENOTSUP = Errno.EOPNOTSUPP;
    private const int EMLINK = 31;

    public static readonly int[] Open =
    [
        Errno.EACCES, Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOSPC, Errno.EDQUOT, Errno.EROFS, Errno.EIO,
        Errno.ELOOP, Errno.EPERM, Errno.EBUSY,
    ];

    public static readonly int[] Close = [Errno.EIO, Errno.ENOSPC, Errno.EDQUOT];

    public static readonly int[] Stat = [Errno.EACCES, Errno.EIO, Errno.ELOOP, Errno.ENOMEM];

    public static readonly int[] Make =
        [Errno.EACCES, Errno.EDQUOT, EMLINK, Errno.ENOMEM, Errno.ENOSPC, Errno.EPERM, Errno.EROFS, Errno.EIO];

    public static readonly int[] Remove =
        [Errno.EACCES, Errno.EBUSY, Errno.EIO, Errno.ENOMEM, Errno.EPERM, Errno.EROFS];

    public static readonly int[] Rename =
    [
        Errno.EACCES, Errno.EBUSY, Errno.EDQUOT, Errno.EINVAL, EMLINK, Errno.ENOMEM, Errno.ENOSPC, Errno.EPERM,
        Errno.EROFS, Errno.EXDEV, Errno.EIO,
    ];

    public static readonly int[] Metadata = [Errno.EPERM, Errno.EIO, Errno.ENOMEM, Errno.EROFS, Errno.EACCES, ENOTSUP];

    public static readonly int[] List = [Errno.EIO, Errno.ENOMEM, Errno.EACCES];

    public static readonly int[] Clone =
        [ENOTSUP, Errno.EXDEV, Errno.EINVAL, Errno.ETXTBSY, Errno.EPERM, Errno.EIO, Errno.ENOSPC];

    public static readonly int[] CopyRange =
    [
        Errno.EXDEV, ENOTSUP, Errno.EINVAL, Errno.EIO, Errno.ENOSPC, Errno.ENOMEM, Errno.EFBIG, Errno.EOVERFLOW,
        Errno.EPERM, Errno.ETXTBSY, Errno.ENOSYS,
    ];

    public static readonly int[] Read = [Errno.EIO, Errno.EINVAL, Errno.EISDIR];

    public static readonly int[] Write =
        [Errno.EIO, Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG, Errno.EPERM, Errno.EINVAL];

    public static readonly int[] Seek = [Errno.EINVAL, Errno.EOVERFLOW];

    public static readonly int[] Sync = [Errno.EIO, Errno.ENOSPC, Errno.EDQUOT, Errno.EINVAL, Errno.EROFS];
}
