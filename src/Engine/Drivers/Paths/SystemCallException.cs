namespace Actors.Engine.Drivers.Paths;

/// <summary>A system call on a path that failed.</summary>
internal sealed class SystemCallException(string call, string path, int errno)
    : Exception($"{call} {path}: {Drivers.Errno.Describe(errno)}")
{
    public string Path { get; } = path;

    public int Errno { get; } = errno;

    /// <summary>Passes a result on, or throws what a negative errno says.</summary>
    public static int Check(int result, string call, string path) =>
        result < 0 ? throw new SystemCallException(call, path, -result) : result;
}
