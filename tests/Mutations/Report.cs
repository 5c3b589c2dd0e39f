using System.Text;

namespace Actors.Mutations;

/// <summary>The results as a page.</summary>
/// <param name="work">The folder of the run.</param>
/// <param name="reasons">A file that tells of mutants why they change nothing: file:line, original -> mutated and reason,
/// with <c> | </c> between.</param>
internal sealed class Report(string work, string reasons)
{
    public void Write(string path)
    {
        var mutants = new MutatedTree(work).Mutants;
        var results = new Trial(work).Results();
        var reached = TestCase.Load(Path.Combine(work, "tests.jsonl")).SelectMany(test => test.Reached).ToHashSet();
        var known = File.Exists(reasons)
            ? File.ReadAllLines(reasons).Where(line => line.Length > 0).Select(line => line.Split(" | "))
                .DistinctBy(parts => (parts[0], parts[1])).ToDictionary(parts => (parts[0], parts[1]), parts => parts[2])
            : [];
        var text = new StringBuilder();
        text.AppendLine("| file | mutants | reached by a test | run | killed | survived | killed % |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var file in mutants.GroupBy(mutant => Path.GetFileName(mutant.File)).OrderBy(file => file.Key))
        {
            Row(file.Key, [.. file]);
        }

        Row("**all**", mutants);
        text.AppendLine().AppendLine("## Survivors").AppendLine();
        text.AppendLine("| place | change | why nothing notices |").AppendLine("|---|---|---|");
        foreach (var mutant in mutants.Where(
            mutant => results.TryGetValue(mutant.Id, out var result) && result.Outcome != "killed"))
        {
            var name = Path.GetFileName(mutant.File);
            var change = $"{mutant.Original} -> {mutant.Mutated}";
            var reason = known.GetValueOrDefault(($"{name}:{mutant.Line}", change)) ?? results[mutant.Id].Outcome switch
            {
                "capped" => "**not yet known**: alive when its time was over",
                _ => "**not yet known**",
            };
            text.AppendLine($"| {name}:{mutant.Line} {mutant.Member} | `{change.Replace("|", "\\|")}` | {reason} |");
        }

        File.WriteAllText(path, text.ToString());

        void Row(string name, List<Mutant> of)
        {
            var run = of.Where(mutant => results.ContainsKey(mutant.Id)).ToList();
            var killed = run.Count(mutant => results[mutant.Id].Outcome == "killed");
            text.AppendLine(
                $"| {name} | {of.Count} | {of.Count(mutant => reached.Contains(mutant.Id))} | {run.Count} | {killed} "
                + $"| {run.Count - killed} | {(run.Count == 0 ? 0 : 100.0 * killed / run.Count):F1} |");
        }
    }
}
