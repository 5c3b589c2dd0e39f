using System.CommandLine;
using System.CommandLine.Invocation;
using Actors.Engine;
using Actors.Samples.LogShipper;

var source = new Argument<DirectoryInfo>("source") { Description = "Every *.log below it is shipped." }
    .AcceptExistingOnly();
var target = new Argument<string>("target") { Description = "Where each has its output; created when missing." };
var once = new Option<bool>("--once") { Description = "End at the end of what is there, rather than wait for more." };
var batch = Number("--batch", 10_000, 1, 1_000_000, "Lines of a file that become durable together.");
var rotate = Number("--rotate-bytes", 64 << 20, 1024, long.MaxValue, "Size at which an output is renamed to NAME.N.");
var poll = Number("--poll-ms", 1000, 10, 3_600_000, "How often to look for more once everything is shipped.");
var parallel = Number("--parallel", 8, 1, 256, "Files that are open at once.");

var root = new RootCommand(
    "Ships whole lines of growing log files to one output file each. Killed at any time and started again it loses "
    + "nothing, and repeats at most the last batch of each file. Ctrl-C stops it cleanly, which repeats nothing. Exit "
    + "code 0: stopped, or with --once done; 1: something could not be shipped; 2: wrong arguments.")
{
    source, target, once, batch, rotate, poll, parallel,
};
root.Validators.Add(arguments =>
{
    if (arguments.GetResult(source)?.Tokens is [var from] && arguments.GetResult(target)?.Tokens is [var to]
        && (Contains(from.Value, to.Value) || Contains(to.Value, from.Value)))
    {
        arguments.AddError("source and target must not contain one another: the outputs would be shipped too.");
    }
});
root.SetAction((parsed, interrupted) => Shipping.RunAsync(
    new ShippingOptions(
        parsed.GetRequiredValue(source).ToString(),
        parsed.GetRequiredValue(target),
        parsed.GetValue(once),
        parsed.GetValue(batch),
        parsed.GetValue(rotate),
        TimeSpan.FromMilliseconds(parsed.GetValue(poll)),
        (int)parsed.GetValue(parallel)),
    interrupted));

var commandLine = root.Parse(args);
if (commandLine.Action is ParseErrorAction wrong)
{
    wrong.ShowHelp = wrong.ShowTypoCorrections = false;
}

try
{
    var exitCode = await commandLine.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(30),       // what was read is made durable within it
    });
    if (commandLine.Action is not ParseErrorAction)
    {
        return exitCode;
    }

    Console.Error.WriteLine("Usage: LogShipper SOURCE TARGET [options]; --help says which.");
    return 2;
}
catch (Exception e) when (e is FileEngineException or InvalidDataException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static bool Contains(string directory, string path) =>
    !Path.GetRelativePath(directory, path).StartsWith("..", StringComparison.Ordinal);

static Option<long> Number(string name, long standard, long min, long max, string description)
{
    var option = new Option<long>(name) { Description = description, DefaultValueFactory = _ => standard };
    option.Validators.Add(given =>
    {
        // What is no number at all is refused by the parser.
        if (given.Tokens is [var token] && long.TryParse(token.Value, out var value) && (value < min || value > max))
        {
            given.AddError(
                $"{name} must be {min:N0} {(max == long.MaxValue ? "or more" : $"to {max:N0}")}, not {value:N0}.");
        }
    });
    return option;
}
