using System.CommandLine;
using System.CommandLine.Invocation;
using Actors.Samples.Grep;

var pattern = new Argument<string>("pattern") { Description = "The text to look for, compared byte by byte as UTF-8." };
var paths = new Argument<string[]>("path")
{
    Description = "Files, and directories with everything below them.",
    Arity = ArgumentArity.OneOrMore,
};
var parallel = new Option<int>("--parallel", "-j")
{
    Description = "Files that are searched at once.",
    DefaultValueFactory = _ => 2 * Environment.ProcessorCount,
};
parallel.Validators.Add(option =>
{
    // What is no number at all is refused by the parser.
    if (option.Tokens is [var token] && int.TryParse(token.Value, out var value) && (value is < 1 or > 1024))
    {
        option.AddError("--parallel must be 1 to 1024.");
    }
});
var quiet = new Option<bool>("--quiet", "-q") { Description = "Print the totals only." };

var root = new RootCommand(
    "Counts the lines with a text in many files at once, as grep -c does. Exit code 0: there are some; 1: there are "
    + "none; 2: a file could not be searched, or wrong arguments.")
{
    pattern, paths, parallel, quiet,
};
root.SetAction((parsed, interrupted) => Searching.RunAsync(
    parsed.GetRequiredValue(pattern),
    parsed.GetRequiredValue(paths),
    parsed.GetValue(parallel),
    parsed.GetValue(quiet),
    interrupted));

var commandLine = root.Parse(args);
if (commandLine.Action is ParseErrorAction wrong)
{
    wrong.ShowHelp = wrong.ShowTypoCorrections = false;
}

var exitCode = await commandLine.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
if (commandLine.Action is not ParseErrorAction)
{
    return exitCode;
}

Console.Error.WriteLine("Usage: Grep PATTERN PATH... [options]; --help says which.");
return 2;
