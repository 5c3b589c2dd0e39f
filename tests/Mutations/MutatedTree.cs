using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.Mutations;

/// <summary>A copy of the tree, in which the engine has all mutants, and the tests a worker that runs some of them.</summary>
/// <param name="work">The folder of the whole run; the copy is in its folder <c>tree</c>.</param>
internal sealed partial class MutatedTree(string work)
{
    private const string Engine = "src/Engine/Engine.csproj";
    private const string Tests = "tests/Engine.Tests/Engine.Tests.csproj";

    private static readonly string[] Names =
    [
        "FileClient", "CallerLane", "CallerTransfers", "FileActor", "WriterActor", "ReaderActor", "CompletionDecision",
        "GatheredWrites", "SegmentQueue", "ReadWindow", "FileReader", "FileSystemWork", "FileCopy", "IoScheduler",
        "QueuePair",
    ];

    private readonly string _tree = Path.Combine(work, "tree");

    /// <summary>The built tests.</summary>
    public string TestAssembly => Path.Combine(_tree, "tests/Engine.Tests/bin/Debug/net10.0/Actors.Engine.Tests.dll");

    private string List => Path.Combine(work, "mutants.json");

    public List<Mutant> Mutants => JsonSerializer.Deserialize<List<Mutant>>(File.ReadAllText(List))!;

    /// <summary>Copies the tracked files, mutates, and builds until everything that is left compiles.</summary>
    public void Prepare(string source)
    {
        foreach (var path in Run(source, "git", "ls-files", "src", "tests", "docs", "*.props", "*.json", "*.md", "*.sln",
                     ".editorconfig", "LICENSE").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!File.Exists(Path.Combine(source, path)))
            {
                continue;
            }

            var target = Path.Combine(_tree, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(source, path), target, overwrite: true);
        }

        File.WriteAllText(Path.Combine(work, "commit"), Run(source, "git", "rev-parse", "HEAD").Output.Trim());
        Inject("MutantSwitch.cs", "src/Engine");
        Inject("Worker.cs", "tests/Engine.Tests");
        var dropped = new HashSet<string>();
        while (true)
        {
            var mutants = Mutate(source, dropped);
            Console.WriteLine($"{mutants.Count} mutants");
            var build = Build(Engine);
            if (build.ExitCode == 0)
            {
                File.WriteAllText(List, JsonSerializer.Serialize(mutants));
                break;
            }

            var before = dropped.Count;
            foreach (var error in Errors().Matches(build.Output).DistinctBy(match => match.Value))
            {
                Blame(error, mutants, dropped);
            }

            Console.WriteLine($"{dropped.Count - before} do not compile");
            if (dropped.Count == before)
            {
                throw new InvalidOperationException(build.Output);
            }
        }

        if (Build(Tests) is { ExitCode: not 0 } failed)
        {
            throw new InvalidOperationException(failed.Output);
        }
    }

    private void Inject(string name, string folder)
    {
        using var from = typeof(MutatedTree).Assembly.GetManifestResourceStream(name)!;
        using var to = File.Create(Path.Combine(_tree, folder, name));
        from.CopyTo(to);
    }

    private List<Mutant> Mutate(string source, HashSet<string> dropped)
    {
        var number = 0;
        var result = new List<Mutant>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(source, "src/Engine"), "*.cs", SearchOption.AllDirectories)
                     .Where(path => Names.Contains(Path.GetFileName(path).Split('.')[0])).Order(StringComparer.Ordinal))
        {
            var file = Path.GetRelativePath(source, path);
            var mutator = new Mutator(file, () => number++, dropped);
            File.WriteAllText(Path.Combine(_tree, file), mutator.Mutate(File.ReadAllText(path)));
            result.AddRange(mutator.Mutants);
        }

        return result;
    }

    // The mutant in which the error stands; otherwise those of its member that speak of what the error names; otherwise
    // those of the statement, or of the member.
    private void Blame(Match error, List<Mutant> mutants, HashSet<string> dropped)
    {
        var path = error.Groups["path"].Value;
        var text = CSharpSyntaxTree.ParseText(File.ReadAllText(path));
        var position = text.GetText().Lines[int.Parse(error.Groups["line"].Value) - 1].Start
            + int.Parse(error.Groups["column"].Value) - 1;
        var token = text.GetRoot().FindToken(position);
        var member = token.Parent!.FirstAncestorOrSelf<MemberDeclarationSyntax>()!;
        List<int> blamed = [];
        for (var node = token.Parent; node is not null && node != member && blamed.Count == 0; node = node.Parent)
        {
            blamed = node switch
            {
                ConditionalExpressionSyntax choice when !choice.WhenFalse.Span.Contains(position) => Numbers(choice.Condition),
                IfStatementSyntax branch when branch.Else?.Span.Contains(position) != true
                    && branch.Condition.ToString().StartsWith("MutantSwitch.Is(", StringComparison.Ordinal) =>
                    Numbers(branch.Condition),
                ParenthesizedExpressionSyntax { Expression: ConditionalExpressionSyntax inner } outer
                    when outer.OpenParenToken == token => Numbers(inner.Condition),
                _ => [],
            };
        }

        var ofMember = Numbers(member);
        if (blamed.Count == 0 && Quoted().Match(error.Groups["message"].Value) is { Success: true } name)
        {
            var word = new Regex($@"\b{Regex.Escape(name.Groups[1].Value)}\b");
            blamed = [.. ofMember.Where(id => word.IsMatch(mutants[id].Original))];
        }

        if (blamed.Count == 0)
        {
            blamed = token.Parent.FirstAncestorOrSelf<StatementSyntax>() is { } statement ? Numbers(statement) : [];
            blamed = blamed.Count == 0 ? ofMember : blamed;
        }

        dropped.UnionWith(blamed.Select(id => Mutator.KeyOf(mutants[id])));
    }

    private static List<int> Numbers(SyntaxNode node) =>
        [.. Switches().Matches(node.ToString()).Select(match => int.Parse(match.Groups[1].Value))];

    private (int ExitCode, string Output) Build(string project) => Run(
        _tree, "dotnet", "build", project, "-c", "Debug", "-v:q", "-nologo", "-p:TreatWarningsAsErrors=false",
        "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:WarningLevel=0", "-nodeReuse:false");

    private static (int ExitCode, string Output) Run(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    [GeneratedRegex(@"^\s*(?<path>/[^(\n]+)\((?<line>\d+),(?<column>\d+)\): error (?<message>CS[^\n]*)", RegexOptions.Multiline)]
    private static partial Regex Errors();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"MutantSwitch\.Is\((\d+)\)")]
    private static partial Regex Switches();
}
