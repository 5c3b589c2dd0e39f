using System.CommandLine;
using Actors.Mutations;

var work = new Option<string>("--work")
{
    Description = "Folder for the copy and the results", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "mutations"),
};
var tree = new Option<string>("--tree") { Description = "The tree to copy", DefaultValueFactory = _ => "." };
var sample = new Option<int>("--sample") { Description = "Mutants to draw", DefaultValueFactory = _ => 400 };
var seed = new Option<int>("--seed") { Description = "Seed of the draw", DefaultValueFactory = _ => 1 };
var cap = new Option<int>("--cap") { Description = "Seconds for one mutant", DefaultValueFactory = _ => 75 };
var pause = new Option<string?>("--pause-while") { Description = "No mutant begins while this file exists" };
var outcome = new Option<string?>("--outcome") { Description = "Those that survived, or were capped" };
var mutants = new Option<int[]>("--mutants")
{
    Description = "Those with these numbers", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
};
var tests = new Option<string?>("--tests") { Description = "Only tests with this in their name" };
var classes = new Option<string[]>("--classes")
{
    Description = "Only these test classes, again", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
};
var output = new Option<string>("--output") { Description = "The report", Required = true };
var reasons = new Option<string>("--reasons")
{
    Description = "Why mutants change nothing", DefaultValueFactory = _ => "tests/Mutations/equivalent.txt",
};

var prepare = new Command("prepare", "Copies the tree, puts the mutants in, builds.") { work, tree };
prepare.SetAction(parsed => new MutatedTree(parsed.GetValue(work)!).Prepare(Path.GetFullPath(parsed.GetValue(tree)!)));
var recording = new Command("record", "Runs each test once and notes which mutants it reaches.") { work, classes };
recording.SetAction(parsed => new Trial(parsed.GetValue(work)!).RecordAsync(parsed.GetValue(classes)!));
var run = new Command("run", "Runs a sample; what has a result already is not run again.") { work, sample, seed, cap, pause };
run.SetAction(parsed => new Trial(parsed.GetValue(work)!).SampleAsync(
    parsed.GetValue(sample), parsed.GetValue(seed), parsed.GetValue(cap), parsed.GetValue(pause)));
var again = new Command("again", "Runs some mutants again.") { work, outcome, mutants, tests, cap, pause };
again.SetAction(parsed => new Trial(parsed.GetValue(work)!).AgainAsync(
    parsed.GetValue(outcome), parsed.GetValue(mutants)!, parsed.GetValue(tests), parsed.GetValue(cap),
    parsed.GetValue(pause)));
var report = new Command("report", "Writes the report.") { work, output, reasons };
report.SetAction(parsed => new Report(parsed.GetValue(work)!, parsed.GetValue(reasons)!).Write(parsed.GetValue(output)!));

return await new RootCommand(
    "Mutants of the engine: small changes, each of which a test should notice. In turn: prepare, record, run, report.")
{
    prepare, recording, run, again, report,
}.Parse(args).InvokeAsync();
