namespace Actors.Engine;

/// <summary>Which mutant of this assembly is at work, and which have been reached. Both are for the process, and what it
/// starts, to be told by its environment.</summary>
internal static class MutantSwitch
{
    /// <summary>One byte for each mutant, 1 once it is reached; null when nobody asks.</summary>
    public static readonly byte[]? Reached;

    private static readonly int Active =
        int.TryParse(Environment.GetEnvironmentVariable("ACTORS_MUTANT"), out var active) ? active : -1;

    static MutantSwitch()
    {
        if (Environment.GetEnvironmentVariable("ACTORS_MUTANTS_REACHED") is { Length: > 0 } folder)
        {
            Reached = new byte[1 << 16];
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Write(folder);
        }
    }

    public static bool Is(int mutant)
    {
        if (Reached is { } reached)
        {
            reached[mutant] = 1;
        }

        return mutant == Active;
    }

    // What a test starts as a process of its own reaches counts for the test.
    private static void Write(string folder)
    {
        try
        {
            File.WriteAllBytes(Path.Combine(folder, $"{Environment.ProcessId}"), Reached!);
        }
        catch (Exception)
        {
            // A process under a limit may not be able to.
        }
    }
}
