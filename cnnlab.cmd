@echo off
rem Starts CNN Lab: in a checkout builds it when the sources are newer than the last build, then runs java with the flags it wants.
rem JAVA_HOME chooses the Java; JDK_JAVA_OPTIONS adds flags of your own (such as -Xmx4g).
setlocal EnableExtensions DisableDelayedExpansion
set "CNNLAB_HOME=%~dp0"
set "CNNLAB_HOME=%CNNLAB_HOME:~0,-1%"
rem The class path is longer than a Windows command line may be, so java reads it from a file.
set "CNNLAB_ARGS=%CNNLAB_HOME%\target\cnnlab.args"
rem Without arguments: which commands there are.
set "HELP="
if "%~1"=="" set "HELP=--help"

if not defined JAVA_HOME goto java_on_path
set "JAVA=%JAVA_HOME%\bin\java.exe"
if exist "%JAVA%" goto java_found
echo cnnlab: there is no bin\java.exe in JAVA_HOME, "%JAVA_HOME%". Set it to a JDK 17 or newer, or unset it. 1>&2
exit /b 127
:java_on_path
set "JAVA=java.exe"
where /q java.exe
if not errorlevel 1 goto java_found
echo cnnlab: java not found. Install a JDK 17 or newer from https://adoptium.net or set JAVA_HOME. 1>&2
exit /b 127
:java_found

rem One quick call tells both the version and the modules. Java 8 does not know it, and anything else that keeps Java from starting
rem is said in its own words.
set "VERSION=0"
set "FLAGS="
set "MODULES=%TEMP%\cnnlab-modules-%RANDOM%%RANDOM%.txt"
"%JAVA%" --list-modules >"%MODULES%" 2>nul
for /f "usebackq tokens=1-3 delims=@.-" %%a in ("%MODULES%") do (
  if "%%a.%%b"=="java.base" set "VERSION=%%c"
  if "%%a.%%b.%%c"=="jdk.incubator.vector" set "FLAGS=vector"
)
del /q "%MODULES%" 2>nul
if %VERSION% GEQ 17 goto java_ok
if not %VERSION%==0 goto java_old
rem The first Java that knows the modules is 9. An older one starts, but not with them.
"%JAVA%" -version >nul 2>nul
if not "%ERRORLEVEL%"=="0" goto java_broken
set "VERSION=8 or older"
:java_old
echo cnnlab: "%JAVA%" is Java %VERSION%; 17 or newer is needed. Set JAVA_HOME to a newer JDK from https://adoptium.net. 1>&2
exit /b 127
:java_broken
echo cnnlab: "%JAVA%" cannot start: 1>&2
"%JAVA%" -version 1>&2
echo Set JAVA_HOME to a JDK 17 or newer that runs on this machine, from https://adoptium.net, and mind JDK_JAVA_OPTIONS and JAVA_TOOL_OPTIONS. 1>&2
exit /b 127
:java_ok
rem Added by its name the module is announced by a warning before every answer. CNN Lab adds it itself, tried with Java 17 to 25.
if not defined FLAGS goto flags_ok
set "FLAGS=--add-exports=java.base/jdk.internal.module=ALL-UNNAMED"
if %VERSION% GTR 25 set "FLAGS=--add-modules=jdk.incubator.vector"
:flags_ok
rem Newer Java warns about what the native libraries of ND4J do.
if %VERSION% GEQ 24 set "FLAGS=%FLAGS% --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"

rem A sweep with --spark runs on the part of the build that has Apache Spark, where it is built.
set "SPARK="
for %%a in (%*) do if "%%~a"=="--spark" set "SPARK=%CNNLAB_HOME%\target\spark"
if not defined SPARK goto no_spark
if not exist "%SPARK%\cnnlab-spark.jar" goto no_spark
if exist "%SPARK%\home\jars" goto spark
:no_spark
rem A comparison --with another library, or its speed by bench, uses the part of the build that has it, where it is built.
set "PEERS="
for %%a in (%*) do if "%%~a"=="--with" set "PEERS=%CNNLAB_HOME%\target\peers"
for %%a in (%*) do if "%%~a"=="onnxruntime" set "PEERS=%CNNLAB_HOME%\target\peers"
for %%a in (%*) do if "%%~a"=="pytorch" set "PEERS=%CNNLAB_HOME%\target\peers"
if not defined PEERS goto no_peers
if not exist "%PEERS%\cnnlab.classpath" goto no_peers
if exist "%PEERS%\classes\cnnlab\Main.class" goto peers
:no_peers
rem A distribution has the jar, which names the libraries beside it, and no sources.
if exist "%CNNLAB_HOME%\lib\cnnlab.jar" goto distribution
rem Exit code 0: built, by us or by Maven, which writes the class path when it has compiled, and nothing newer than the build.
powershell -NoProfile -Command "$h = $env:CNNLAB_HOME; $p = $h + '\target\cnnlab.classpath'; if (-not ((Test-Path -LiteralPath $p) -and (Test-Path -LiteralPath ($h + '\target\classes\cnnlab\Main.class')))) { exit 1 }; $t = (Get-Item -LiteralPath $p).LastWriteTimeUtc; $n = @(Get-Item -LiteralPath ($h + '\pom.xml')) + @(Get-ChildItem -LiteralPath ($h + '\src\main') -Recurse) | Where-Object { $_.LastWriteTimeUtc -gt $t }; if ($n) { exit 1 }; $a = $env:CNNLAB_ARGS; if ((Test-Path -LiteralPath $a) -and (Get-Item -LiteralPath $a).LastWriteTimeUtc -ge $t) { exit 0 }; exit 2"
if not errorlevel 1 goto built
if errorlevel 2 goto arguments
where /q mvn
if not errorlevel 1 goto maven_found
echo cnnlab: CNN Lab has to be built, but mvn was not found. Install Maven 3.8 or newer from https://maven.apache.org. 1>&2
exit /b 127
:maven_found
echo cnnlab: building (the first time this downloads about 320 MB) 1>&2
pushd "%CNNLAB_HOME%"
rem Maven compiles the files that changed, but not those that use them. Without the class path a build that is cut short is not taken
rem for a finished one.
if exist target\cnnlab.classpath del /q target\cnnlab.classpath
if exist target\classes rmdir /s /q target\classes
rem Without its colours, and without the reset of them that it ends with.
set "MAVEN_OPTS=%MAVEN_OPTS% -Djansi.noreset=true"
call mvn -q -B -Dstyle.color=never compile 1>&2
set "FAILED=%ERRORLEVEL%"
popd
if not "%FAILED%"=="0" goto build_failed
:arguments
rem Java reads the file in the system's code page; a backslash escapes inside its quotes.
powershell -NoProfile -Command "$ErrorActionPreference = 'Stop'; $h = $env:CNNLAB_HOME; $q = [string][char]34; $c = [IO.File]::ReadAllText($h + '\target\cnnlab.classpath').Trim(); [IO.File]::WriteAllText($env:CNNLAB_ARGS, '-cp ' + $q + ($h + '\target\classes;' + $c).Replace('\', '\\') + $q, [Text.Encoding]::Default)"
if not errorlevel 1 goto built
:build_failed
echo cnnlab: the build failed; the reason is above. 1>&2
exit /b 1

:built
"%JAVA%" %FLAGS% "-Dcnnlab.home=%CNNLAB_HOME%" "@%CNNLAB_ARGS%" cnnlab.Main %HELP% %*
exit /b %ERRORLEVEL%

:peers
set "CNNLAB_ARGS=%PEERS%\cnnlab.args"
powershell -NoProfile -Command "$ErrorActionPreference = 'Stop'; $h = $env:PEERS; $q = [string][char]34; $c = [IO.File]::ReadAllText($h + '\cnnlab.classpath').Trim(); [IO.File]::WriteAllText($env:CNNLAB_ARGS, '-cp ' + $q + ($h + '\classes;' + $c).Replace('\', '\\') + $q, [Text.Encoding]::Default)"
if errorlevel 1 goto build_failed
goto built

:spark
rem What Spark's own scripts open to it.
for %%p in (java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar) do call set "FLAGS=%%FLAGS%% --add-opens=java.base/%%p=ALL-UNNAMED"
"%JAVA%" %FLAGS% "-Dcnnlab.home=%CNNLAB_HOME%" -cp "%SPARK%\home\jars\*;%SPARK%\cnnlab-spark.jar" cnnlab.Main %HELP% %*
exit /b %ERRORLEVEL%

:distribution
"%JAVA%" %FLAGS% "-Dcnnlab.home=%CNNLAB_HOME%" -cp "%CNNLAB_HOME%\lib\cnnlab.jar" cnnlab.Main %HELP% %*
exit /b %ERRORLEVEL%
