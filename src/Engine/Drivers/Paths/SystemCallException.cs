namespace Actors.Engine.Drivers.Paths;

/// <summary>A system call on a path that failed.</summary>
internal sealed class SystemCallException(string call, string path, int errno, bool isPerformed = false)
    : Exception(
        $"{call} {path}: "
        + (isPerformed ? "performed, and not known to be durable: the sync failed with " : "")
        + Drivers.Errno.Describe(errno))
{
    public string Path { get; } = path;

    public int Errno { get; } = errno;

    /// <summary>What was asked for has been done; only its sync failed.</summary>
    public bool IsPerformed { get; } = isPerformed;

    /// <summary>Passes a result on, or throws what a negative errno says.</summary>
    public static int Check(int result, string call, string path) =>
        result < 0 ? throw new SystemCallException(call, path, -result) : result;

    /// <summary>Throws when what was performed could not be made durable.</summary>
    public static void CheckDurable(int result, string call, string path)
    {
        if (result < 0)
        {
            throw new SystemCallException(call, path, -result, isPerformed: true);
        }
    }
}
