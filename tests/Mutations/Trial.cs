using System.Diagnostics;
using System.Text.Json;

namespace Actors.Mutations;

/// <summary>What has become of a mutant.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Outcome"><c>killed</c>, <c>survived</c>, or <c>capped</c>: alive when its time was over.</param>
/// <param name="By">The test that killed it.</param>
/// <param name="How">What the test said.</param>
/// <param name="Ran">Tests that ran.</param>
/// <param name="Of">Tests that reach it.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record Result(int Id, string Outcome, string? By, string? How, int Ran, int Of, double Seconds);

/// <summary>Runs mutants against the tests that reach them, one at a time, and notes the results as they come.</summary>
internal sealed class Trial(string work)
{
    private readonly MutatedTree _tree = new(work);
    private readonly List<Mutant> _mutants = new MutatedTree(work).Mutants;
    private readonly string _record = Path.Combine(work, "tests.jsonl");
    private readonly string _results = Path.Combine(work, "results.jsonl");

    /// <summary>Runs every test once by itself and notes which mutants it reaches.</summary>
    /// <param name="classes">Only those of these classes, which are added to the record; none for all.</param>
    public async Task RecordAsync(string[] classes)
    {
        var folder = Directory.CreateDirectory(Path.Combine(work, "reached")).FullName;
        var list = Path.Combine(work, "list.txt");
        File.WriteAllLines(list, classes.Select(name => $"{name}\t"));
        using var to = new StreamWriter(_record, append: classes.Length > 0);
        var process = new TestProcess(
            _tree.TestAssembly, ("ACTORS_MUTANTS_REACHED", folder), classes.Length > 0 ? [list] : []);
        var cut = await process.RunAsync(
            test =>
            {
                to.WriteLine(test.GetRawText());
                return true;
            },
            _ => TimeSpan.FromMinutes(5));
        if (cut is not null)
        {
            throw new InvalidOperationException($"{cut}");
        }
    }

    /// <summary>Draws mutants that tests reach, one from each file in turns, and runs those that have no result.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Of the draw.</param>
    /// <param name="cap">Seconds for one mutant.</param>
    /// <param name="pause">While this file exists no mutant is begun.</param>
    public async Task SampleAsync(int count, int seed, int cap, string? pause)
    {
        var tests = TestCase.Load(_record);
        var reached = tests.SelectMany(test => test.Reached).ToHashSet();
        var random = new Random(seed);
        var all = _mutants.Where(mutant => reached.Contains(mutant.Id)).ToArray();
        random.Shuffle(all);
        var drawn = all.GroupBy(mutant => mutant.File).SelectMany(file => file.Select((mutant, turn) => (mutant, turn)))
            .OrderBy(pair => pair.turn).Select(pair => pair.mutant).Take(count).ToList();
        var done = Results().Keys.ToHashSet();
        foreach (var mutant in drawn.Where(mutant => !done.Contains(mutant.Id)))
        {
            await RunAsync(mutant, tests, cap, pause);
        }
    }

    /// <summary>Runs mutants again.</summary>
    /// <param name="outcome">Those with this result; or</param>
    /// <param name="ids">those with these numbers.</param>
    /// <param name="only">Only tests that have this in their name.</param>
    /// <param name="cap">Seconds for one mutant.</param>
    /// <param name="pause">While this file exists no mutant is begun.</param>
    public async Task AgainAsync(string? outcome, int[] ids, string? only, int cap, string? pause)
    {
        var tests = TestCase.Load(_record).Where(test => only is null || test.Name.Contains(only)).ToList();
        var results = Results();
        foreach (var mutant in _mutants.Where(mutant =>
            ids.Contains(mutant.Id) || (results.TryGetValue(mutant.Id, out var result) && result.Outcome == outcome)))
        {
            await RunAsync(mutant, tests, cap, pause);
        }
    }

    /// <summary>The last result of each mutant.</summary>
    public Dictionary<int, Result> Results()
    {
        var results = new Dictionary<int, Result>();
        foreach (var line in File.Exists(_results) ? File.ReadAllLines(_results) : [])
        {
            var result = JsonSerializer.Deserialize<Result>(line)!;
            results[result.Id] = result;
        }

        return results;
    }

    private async Task RunAsync(Mutant mutant, List<TestCase> tests, int cap, string? pause)
    {
        while (pause is not null && File.Exists(pause))
        {
            await Task.Delay(1000);
        }

        var ordered = InOrder(mutant, tests.Where(test => test.Reached.Contains(mutant.Id)).ToList());
        var list = Path.Combine(work, "list.txt");
        File.WriteAllLines(list, ordered.Select(test => $"{test.Class}\t{test.Name}"));
        var times = ordered.GroupBy(test => test.Name).ToDictionary(group => group.Key, group => group.Max(test => test.Ms));
        var began = Stopwatch.GetTimestamp();
        var ran = 0;
        string? by = null;
        string? how = null;
        var capped = false;
        var cut = await new TestProcess(_tree.TestAssembly, ("ACTORS_MUTANT", $"{mutant.Id}"), list).RunAsync(
            test =>
            {
                if (test.TryGetProperty("missing", out _))
                {
                    Console.WriteLine($"not found: {test}");
                    return true;
                }

                ran++;
                if (test.GetProperty("failure").GetString() is { } failure)
                {
                    (by, how) = (test.GetProperty("name").GetString(), failure.ReplaceLineEndings(" "));
                    return false;
                }

                capped = ran < ordered.Count && Stopwatch.GetElapsedTime(began).TotalSeconds > cap;
                return !capped;
            },
            name => TimeSpan.FromMilliseconds((3 * times.GetValueOrDefault(name, 10_000)) + 10_000));
        if (cut is { } end)
        {
            (by, how) = end;
        }

        how = how is { Length: > 300 } ? how[..300] : how;
        var result = new Result(
            mutant.Id, by is not null ? "killed" : capped ? "capped" : "survived", by, how, ran, ordered.Count,
            Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 1));
        File.AppendAllText(_results, JsonSerializer.Serialize(result) + "\n");
        Console.WriteLine($"{result.Outcome} {mutant} ({ran} of {ordered.Count} tests, {result.Seconds} s) {by} {how}");
    }

    // First what killed mutants near by, then each method once, the fast and the specific ones first, then their other
    // cases.
    private List<TestCase> InOrder(Mutant mutant, List<TestCase> tests)
    {
        var killers = Results().Values.Where(result => result.By is not null && _mutants[result.Id].File == mutant.File)
            .OrderBy(result => Math.Abs(_mutants[result.Id].Line - mutant.Line)).Select(result => result.By!).Distinct()
            .Take(8).ToList();
        return
        [
            .. tests.Where(test => killers.Contains(test.Name)).OrderBy(test => test.Ms),
            .. tests.Where(test => !killers.Contains(test.Name))
                .OrderBy(Score).GroupBy(test => (test.Class, test.Method))
                .SelectMany(method => method.Select((test, turn) => (test, turn)))
                .OrderBy(pair => pair.turn).ThenBy(pair => Score(pair.test)).Select(pair => pair.test),
        ];

        static double Score(TestCase test) => (test.Ms + 5.0) * test.Reached.Count;
    }
}
