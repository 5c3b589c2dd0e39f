using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Bench.Contests;
using Actors.Bench.Targets;

namespace Actors.Bench.Reporting;

/// <summary>All that a run of the bench found, with every round.</summary>
/// <param name="Schema">Always <see cref="CurrentSchema"/>.</param>
/// <param name="IsBrief">Whether it was a try-out, whose figures are not to be quoted.</param>
/// <param name="Rounds">How often everyone did everything.</param>
/// <param name="Machine">On what.</param>
/// <param name="Groups">By group.</param>
/// <param name="Targets">Those that could be decided.</param>
internal sealed record BenchReport(
    string Schema,
    bool IsBrief,
    int Rounds,
    MachineFacts Machine,
    IReadOnlyList<GroupResult> Groups,
    IReadOnlyList<TargetResult> Targets)
{
    /// <summary>The schema of this version.</summary>
    public const string CurrentSchema = "actors.bench/1";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>True when no contestant failed.</summary>
    [JsonIgnore]
    public bool IsGood =>
        Groups.SelectMany(g => g.Contests).SelectMany(c => c.Contestants).All(c => c.Status != ContestantStatus.Failed);

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);
}

/// <summary>What became of a group.</summary>
internal sealed record GroupResult(string Name, string Summary, IReadOnlyList<ContestResult> Contests);
