namespace Actors.Host.Commands;

/// <summary>Paths as users give them.</summary>
internal static class UserPath
{
    /// <summary>The absolute path.</summary>
    /// <param name="option">What it was given for, as the message names it.</param>
    /// <param name="path">As given.</param>
    /// <exception cref="UsageException">No file can have it.</exception>
    public static string Absolute(string option, string path)
    {
        if (path.Length == 0 || path.Contains('\0'))
        {
            throw new UsageException($"{option} \"{path}\": not a path. Name a file or directory.");
        }

        try
        {
            return Path.GetFullPath(path);
        }
        catch (FileNotFoundException e)
        {
            throw new UsageException(
                $"{option} {path}: the current directory is gone. Name an absolute path, or change to a directory that " +
                "exists.", e);
        }
    }
}
