using System.Globalization;
using Xunit.Abstractions;

namespace Actors.Host.Tests.Hostile;

/// <summary>
/// Thousands of broken and malicious scenarios and command lines. CI takes some hundred; <c>ACTORS_INPUTS=10000</c>
/// takes as many as it says, <c>ACTORS_PROCESSES=300</c> likewise; <c>ACTORS_INPUT=SEED</c> repeats one.
/// </summary>
public sealed class HostileInputTests(ITestOutputHelper output)
{
    public const string SeedVariable = "ACTORS_INPUT";

    private const int FaultsShown = 8;

    [SkippableFact]
    public Task None_gets_more_out_of_the_console_than_a_message() =>
        RunAsync(Number("ACTORS_INPUTS") ?? 300, 0, HostileRunner.RunAsync);

    [SkippableFact]
    public Task None_gets_more_out_of_a_process_than_a_message() =>
        RunAsync(Number("ACTORS_PROCESSES") ?? 12, 1_000_000, HostileRunner.RunProcessAsync);

    [SkippableFact]
    public async Task One_input()
    {
        Skip.If(Number(SeedVariable) is null, $"{SeedVariable} names no seed to repeat");
        var seed = Number(SeedVariable)!.Value;
        output.WriteLine(HostileInputs.Of(seed).ToString());
        await RunAsync(1, seed, HostileRunner.RunAsync);
        await RunAsync(1, seed, HostileRunner.RunProcessAsync);
    }

    private async Task RunAsync(int count, int firstSeed, Func<HostileInput, Task<HostileOutcome>> run)
    {
        Skip.If(OperatingSystem.IsWindows(), "pipes and links are planted by calls that Windows does not have");
        var faults = new List<string>();
        var outcomes = new List<HostileOutcome>();
        var failed = new List<int>();
        for (var seed = firstSeed; seed < firstSeed + count && faults.Count < FaultsShown; seed++)
        {
            var input = HostileInputs.Of(seed);
            var outcome = await run(input);
            outcomes.Add(outcome);
            if (outcome.ExitCode == 1)
            {
                failed.Add(seed);
            }

            if (outcome.Fault is { } fault)
            {
                faults.Add($"{input}\n=> {fault}");
            }
        }

        output.WriteLine($"{Summary(outcomes)}; runs that failed: {string.Join(", ", failed)}");
        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    private static string Summary(List<HostileOutcome> outcomes)
    {
        var codes = outcomes.Where(o => o.Ran).CountBy(o => o.ExitCode).OrderBy(c => c.Key);
        return $"{outcomes.Count} inputs, {outcomes.Count(o => o.Legal)} legal, of these "
            + $"{outcomes.Count(o => o is { Legal: true, Ran: false })} too large to be run; "
            + string.Join(", ", codes.Select(c => $"exit {c.Key}: {c.Value}"));
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
