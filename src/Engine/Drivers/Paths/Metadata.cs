namespace Actors.Engine.Drivers.Paths;

/// <summary>Permission bits and times that go with content.</summary>
internal static class Metadata
{
    public const int PermissionBits = 0x1ff; // 0777
    private const int AllModeBits = 0xfff; // 07777

    /// <summary>The outcome of keeping them, where content is what counts: that a file system has none, or refuses to
    /// change them, is no failure (exFAT, SMB as another user). Other errors are the device's.</summary>
    public static int Kept(int result) =>
        result is -Errno.EPERM or -Errno.EACCES or -Errno.EOPNOTSUPP or -Errno.ENOSYS or -Errno.EINVAL ? 0 : result;

    /// <exception cref="ArgumentException">There are more than mode bits.</exception>
    public static int ModeOf(UnixFileMode mode) => ((int)mode & ~AllModeBits) == 0
        ? (int)mode
        : throw new ArgumentException($"0x{(int)mode:x} has bits that are no mode");
}
