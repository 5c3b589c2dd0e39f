using Actors.Bench.Work;

namespace Actors.Bench.Groups;

/// <summary>The seed scenarios at the bench's scale.</summary>
internal static class Seed
{
    /// <summary>A kernel write for each line.</summary>
    public const string Strict = "seed";

    /// <summary>Lines gathered.</summary>
    public const string Coalesced = "seed-coalesced";

    /// <summary>What to set for another number of files and lines.</summary>
    public static string[] Settings(int files, int lines) =>
        [$"scenario.files={files}", $"scenario.phases.write.count={lines}"];

    /// <summary>The same with nothing but the writing, not even verification.</summary>
    public static string[] WritingAlone(int files, int lines) =>
    [
        $"scenario.files={files}",
        "scenario.verify=off",
        $"scenario.phases=[{{ name = write, operation = write, unit = line, count = {lines}, " +
            $"line = \"{WriteLines.Template}\" }}]",
    ];
}
