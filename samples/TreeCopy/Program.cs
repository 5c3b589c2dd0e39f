using System.CommandLine;
using System.CommandLine.Invocation;
using Actors.Engine;
using Actors.Samples.TreeCopy;

var source = new Argument<DirectoryInfo>("source") { Description = "The directory to copy." }.AcceptExistingOnly();
var target = new Argument<string>("target") { Description = "Its copy; merged into when it exists." };
var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there." };
var keepGoing = new Option<bool>("--keep-going") { Description = "Go on after an entry that fails." };
var follow = new Option<bool>("--follow-links") { Description = "Copy what symbolic links lead to." };
var times = new Option<bool>("--times") { Description = "Keep access and modification times." };
var durable = new Option<bool>("--durable") { Description = "Return when the copy is on the device." };
var noVerify = new Option<bool>("--no-verify") { Description = "Do not read both sides again and compare." };

var root = new RootCommand(
    "Copies a directory tree and verifies the copy. Exit code 0: everything was copied; 1: something was not; 2: wrong "
    + "arguments; 130: interrupted.")
{
    source, target, overwrite, keepGoing, follow, times, durable, noVerify,
};
root.SetAction((parsed, interrupted) => Copying.RunAsync(
    parsed.GetRequiredValue(source).ToString(),
    parsed.GetRequiredValue(target),
    new TreeCopyOptions
    {
        Overwrite = parsed.GetValue(overwrite),
        ContinueOnError = parsed.GetValue(keepGoing),
        FollowSymbolicLinks = parsed.GetValue(follow),
        PreserveTimes = parsed.GetValue(times),
        Durable = parsed.GetValue(durable),
        Verify = !parsed.GetValue(noVerify),
    },
    interrupted));

var commandLine = root.Parse(args);
if (commandLine.Action is ParseErrorAction wrong)
{
    wrong.ShowHelp = wrong.ShowTypoCorrections = false;
}

var exitCode = await commandLine.InvokeAsync(new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = TimeSpan.FromSeconds(30),       // a chunk of 8 MiB is finished within it
});
if (commandLine.Action is not ParseErrorAction)
{
    return exitCode;
}

Console.Error.WriteLine("Usage: TreeCopy SOURCE TARGET [options]; --help says which.");
return 2;
