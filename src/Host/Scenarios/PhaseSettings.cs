using System.Text.Json.Serialization;
using Actors.Host.Content;

namespace Actors.Host.Scenarios;

/// <summary>One entry of <c>scenario.phases</c>. What a unit or an operation does not use is null.</summary>
/// <param name="Name">Unique within the scenario.</param>
/// <param name="Operation">What is done.</param>
/// <param name="Unit">In what portions.</param>
/// <param name="Count">Units of each file; a phase that does not lay files out has it from the one before that
/// did.</param>
/// <param name="Line">Template of a line, without its line feed.</param>
/// <param name="Sync">Whether each file is made durable before it is closed.</param>
/// <param name="Verify">Whether what is written or read is compared with what it must be.</param>
internal sealed record PhaseSettings(
    string Name,
    PhaseOperation Operation,
    PhaseUnit Unit,
    long Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Line,
    bool Sync,
    bool Verify)
{
    /// <summary>Bytes of a block.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BlockSize { get; init; }

    /// <summary>Order of the blocks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AccessPattern? Pattern { get; init; }

    /// <summary>Blocks of one file that are unanswered at a time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? InFlight { get; init; }

    /// <summary>Whether the page cache is bypassed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Direct { get; init; }

    /// <summary>Reads of a hundred operations; for a mixed phase.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ReadPercent { get; init; }

    /// <summary>How long the phase is measured; null for one that ends when each block has been visited.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Duration { get; init; }

    /// <summary>How long it runs before it is measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Warmup { get; init; }

    /// <summary>After how many writes of a file its data is synced.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SyncEvery { get; init; }

    /// <summary>True when it makes the files and every unit in them; what is left afterwards is its own.</summary>
    [JsonIgnore]
    public bool LaysOut => Operation == PhaseOperation.Write && Duration is null;

    /// <summary>True when it changes the files.</summary>
    [JsonIgnore]
    public bool Writes => Operation != PhaseOperation.Read;

    /// <summary>Warm-up and measured time together; null when it does not run for a time.</summary>
    [JsonIgnore]
    public TimeSpan? RunTime => Duration + (Warmup ?? TimeSpan.Zero);

    /// <summary>What the files hold after one of several phases that writes.</summary>
    public static FileContent ContentAfter(IReadOnlyList<PhaseSettings> phases, int index, long seed)
    {
        var phase = phases[index];
        if (phase.Unit == PhaseUnit.Line)
        {
            return phase.Lines();
        }

        var oldest = index;
        while (oldest > 0 && !phases[oldest].LaysOut)
        {
            oldest--;
        }

        return new BlockContent(phase.BlockSize!.Value, phase.Count, seed, oldest, index);
    }

    /// <summary>The lines of a phase that has such.</summary>
    public LineContent Lines() => new(TextTemplate.Parse(Line!, TextTemplate.Line, TextTemplate.File), Count);
}
