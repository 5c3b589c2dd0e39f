namespace Actors.Bench.Tools;

/// <summary>Where programs are.</summary>
internal static class ProgramPath
{
    /// <summary>The full path of a program, looked for on the PATH unless it is a path itself; null when it is not
    /// there.</summary>
    public static string? Find(string program)
    {
        if (Path.IsPathRooted(program))
        {
            return File.Exists(program) ? program : null;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
    }
}
