using System.Text.Json;

namespace Actors.Mutations;

/// <summary>What the record of one test says.</summary>
internal sealed class TestCase
{
    public required string Name { get; init; }

    public required string Class { get; init; }

    public required string Method { get; init; }

    /// <summary>How long it takes without a mutant.</summary>
    public required int Ms { get; init; }

    public string? Failure { get; init; }

    public bool Skipped { get; init; }

    /// <summary>The mutants that it comes to.</summary>
    public required HashSet<int> Reached { get; init; }

    /// <summary>The tests of a record that can kill: rules about the sources and tests that fail without a mutant
    /// cannot.</summary>
    public static List<TestCase> Load(string path) =>
    [
        .. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<TestCase>(line, JsonSerializerOptions.Web)!)
            .Reverse().DistinctBy(test => test.Name)
            .Where(test => test.Failure is null && !test.Skipped && !test.Class.Contains(".Structure.")),
    ];
}
